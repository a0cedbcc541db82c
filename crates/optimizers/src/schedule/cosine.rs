//! `cosine`: end + (value − end) (1 + cos(π t/over)) / 2, and from `over` on `end`.
//!
//! t count of epochs, samples or iterations. Source: Loshchilov, Hutter (2017), *SGDR: stochastic gradient
//! descent with warm restarts*, without the restarts.

use super::between::{ends, part, wave};
use crate::Unit;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;
use tanren_plugin::{Checked, Clock, Counts, Schedule};

/// From one number to another in half a wave of the cosine, and stays there.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Cosine {
    /// The number at the start.
    pub value: f64,
    /// The number at the end; 0 unless said.
    #[serde(default)]
    pub end: f64,
    /// Units from the start to the end, at least 1.
    #[serde(deserialize_with = "super::step::over")]
    pub over: NonZeroU64,
    /// What is counted; epochs unless said.
    #[serde(default)]
    pub unit: Unit,
}

impl Cosine {
    /// From `value` down to 0 over so many epochs.
    #[must_use]
    pub const fn new(value: f64, over: NonZeroU64) -> Self {
        Self { value, end: 0.0, over, unit: Unit::Epochs }
    }
}

#[typetag::serde(name = "cosine")]
impl Schedule for Cosine {
    fn at(&self, clock: Clock) -> f64 {
        wave(self.value, self.end, part(self.unit.count(clock), self.over.get()))
    }

    fn extent(&self) -> Option<(f64, f64)> {
        Some(ends(self.value, self.end))
    }

    fn counts(&self) -> Counts {
        self.unit.into()
    }
}
