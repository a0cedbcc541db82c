//! `cyclic`: up and down again and again, between `base` and a height that may shrink.
//!
//! base + (max − base) · x · s, where x goes from 0 to 1 in `up` units and back to 0 in `down` units. The
//! scale s is 1 (triangular), 2⁻ᶜ in cycle c from 0 (triangular2), or gammaᵗ (exp-range). Source: Smith
//! (2017), *Cyclical learning rates for training neural networks*.

use super::between::between;
use crate::Unit;
use serde::{Deserialize, Deserializer, Serialize};
use std::num::NonZeroU64;
use tanren_plugin::{Checked, Clock, Counts, Schedule, SettingError};

/// Up and down in straight lines, again and again.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
#[setting(also = Cyclic::fits)]
pub struct Cyclic {
    /// The number at the start and the end of every cycle.
    pub base: f64,
    /// The number in the middle of the first cycle. It may be below `base`, as that of a momentum is which
    /// falls while the rate rises.
    pub max: f64,
    /// Units from `base` to the middle, at least 1.
    #[serde(deserialize_with = "up")]
    pub up: NonZeroU64,
    /// Units from the middle back to `base`, at least 1; as many as up unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[setting(from = 1)]
    pub down: Option<u64>,
    /// How the height of the cycles changes; it stays unless said.
    #[serde(default)]
    pub mode: CyclicMode,
    /// What the height is multiplied by with every unit in mode exp-range, above 0 and at most 1; 1 unless
    /// said. The other modes take no other number.
    #[serde(default = "one")]
    #[setting(above = 0, to = 1)]
    pub gamma: f64,
    /// What is counted; epochs unless said.
    #[serde(default)]
    pub unit: Unit,
}

/// How the height of cycles changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum CyclicMode {
    /// It stays.
    #[default]
    Triangular,
    /// It is halved with every cycle.
    Triangular2,
    /// It is multiplied by `gamma` with every unit.
    ExpRange,
}

const fn one() -> f64 {
    1.0
}

fn up<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NonZeroU64, D::Error> {
    super::step::at_least_one("up", deserializer)
}

impl Cyclic {
    /// Triangles between two numbers, so many units up and as many down.
    #[must_use]
    pub const fn new(base: f64, max: f64, up: NonZeroU64, unit: Unit) -> Self {
        Self { base, max, up, down: None, mode: CyclicMode::Triangular, gamma: one(), unit }
    }

    fn fits(&self) -> Result<(), SettingError> {
        match self.mode {
            CyclicMode::Triangular | CyclicMode::Triangular2 if self.gamma < 1.0 => {
                let expected = "1, as only mode = \"exp-range\" looks at it";
                Err(SettingError::new("gamma", expected, self.gamma))
            }
            _ => Ok(()),
        }
    }

    fn after(&self, t: u64) -> f64 {
        let up = self.up.get();
        let down = self.down.unwrap_or(up);
        let length = up.saturating_add(down);
        let (cycle, within) = (t / length, t % length);
        let x = match within <= up {
            true => within as f64 / up as f64,
            false => (length - within) as f64 / down as f64,
        };
        let scale = match self.mode {
            CyclicMode::Triangular => 1.0,
            CyclicMode::Triangular2 => 0.5_f64.powf(cycle as f64),
            CyclicMode::ExpRange => self.gamma.powf(t as f64),
        };
        between(self.base, self.max, x * scale)
    }
}

#[typetag::serde(name = "cyclic")]
impl Schedule for Cyclic {
    fn at(&self, clock: Clock) -> f64 {
        self.after(self.unit.count(clock))
    }

    fn extent(&self) -> Option<(f64, f64)> {
        // t · gammaᵗ is largest at t = −1 / ln gamma, or in the middle if that is earlier.
        let middle = self.up.get() as f64;
        let peak = match self.mode {
            CyclicMode::ExpRange if self.gamma < 1.0 => middle.min(-1.0 / self.gamma.ln()),
            _ => middle,
        };
        let around = [peak.floor(), peak.ceil()].map(|t| self.after(t as u64));
        let [low, high] = [around[0].min(around[1]), around[0].max(around[1])];
        Some((self.base.min(low), self.base.max(high)))
    }

    fn counts(&self) -> Counts {
        self.unit.into()
    }
}
