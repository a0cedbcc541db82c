//! `one-cycle`: up to the maximum, and down again to almost nothing.
//!
//! It starts from max / div-factor, reaches the maximum at the end of the share `rise`, and ends at
//! max / (div-factor · final-div-factor), where it stays. With three phases it goes down as long as it has
//! gone up, back to where it started, and from there to the end. Steps are counted as PyTorch's `OneCycleLR`
//! does: of n steps, the first has the number 0 and the last n − 1. Source: Smith, Topin (2018),
//! *Super-convergence: very fast training of neural networks using large learning rates*.

use super::between::{between, wave};
use crate::Unit;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;
use tanren_plugin::{Checked, Clock, Counts, Schedule, SettingError};

/// One cycle over the whole run: up, down, and further down.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
#[setting(also = OneCycle::fits)]
pub struct OneCycle {
    /// The largest number.
    pub max: f64,
    /// Units of the whole cycle, at least 1.
    #[serde(deserialize_with = "super::step::over")]
    pub over: NonZeroU64,
    /// The share of the cycle in which the number rises; 0.3 unless said.
    #[serde(default = "rise")]
    #[setting(from = 0, to = 1)]
    pub rise: f64,
    /// How it goes from one number to the next; in a wave of the cosine unless said.
    #[serde(default)]
    pub anneal: Anneal,
    /// What the maximum is divided by at the start; 25 unless said. Below 1, the cycle goes down first, as
    /// a momentum does while the rate goes up.
    #[serde(default = "div_factor", rename = "div-factor")]
    #[setting(above = 0)]
    pub div_factor: f64,
    /// What the number at the start is divided by at the end; 10,000 unless said.
    #[serde(default = "final_div_factor", rename = "final-div-factor")]
    #[setting(above = 0)]
    pub final_div_factor: f64,
    /// Whether it falls to the number at the start before it falls to that at the end; not unless said.
    #[serde(default, rename = "three-phase")]
    pub three_phase: bool,
    /// What is counted; epochs unless said.
    #[serde(default)]
    pub unit: Unit,
}

/// How one number turns into the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Anneal {
    /// In half a wave of the cosine.
    #[default]
    Cosine,
    /// In a straight line.
    Linear,
}

const fn rise() -> f64 {
    0.3
}

const fn div_factor() -> f64 {
    25.0
}

const fn final_div_factor() -> f64 {
    10_000.0
}

impl OneCycle {
    /// A cycle with this maximum over so many units.
    #[must_use]
    pub const fn new(max: f64, over: NonZeroU64, unit: Unit) -> Self {
        Self {
            max,
            over,
            rise: rise(),
            anneal: Anneal::Cosine,
            div_factor: div_factor(),
            final_div_factor: final_div_factor(),
            three_phase: false,
            unit,
        }
    }

    fn fits(&self) -> Result<(), SettingError> {
        let short = !self.three_phase || self.rise <= 0.5;
        SettingError::unless(short, "rise", "at most 0.5 with three phases", self.rise)
    }

    fn first(&self) -> f64 {
        self.max / self.div_factor
    }

    fn last(&self) -> f64 {
        self.first() / self.final_div_factor
    }
}

#[typetag::serde(name = "one-cycle")]
impl Schedule for OneCycle {
    fn at(&self, clock: Clock) -> f64 {
        let end = self.over.get() as f64 - 1.0;
        let t = (self.unit.count(clock) as f64).min(end);
        let top = self.rise * self.over.get() as f64 - 1.0;
        let (first, max, last) = (self.first(), self.max, self.last());
        let back = 2.0 * top;
        let (a, b, from, to) = match (t <= top, self.three_phase) {
            (true, _) => (first, max, 0.0, top),
            (false, true) if t <= back => (max, first, top, back),
            (false, true) => (first, last, back, end),
            (false, false) => (max, last, top, end),
        };
        // A phase without length is over.
        let w = if to > from { ((t - from) / (to - from)).clamp(0.0, 1.0) } else { 1.0 };
        match self.anneal {
            Anneal::Cosine => wave(a, b, w),
            Anneal::Linear => between(a, b, w),
        }
    }

    fn extent(&self) -> Option<(f64, f64)> {
        let all = [self.first(), self.max, self.last()];
        Some((
            all.into_iter().fold(f64::INFINITY, f64::min),
            all.into_iter().fold(f64::NEG_INFINITY, f64::max),
        ))
    }

    fn counts(&self) -> Counts {
        self.unit.into()
    }
}
