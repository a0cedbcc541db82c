//! `polynomial`: end + (value − end) (1 − t/over)^power, and from `over` on `end`.
//!
//! t count of epochs, samples or iterations. Source: Chen et al. (2018), *DeepLab*, "poly" policy.

use super::between::{between, ends, part};
use crate::Unit;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;
use tanren_plugin::{Checked, Clock, Counts, Schedule};

/// From one number to another along a power, and stays there.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Polynomial {
    /// The number at the start.
    pub value: f64,
    /// The number at the end; 0 unless said.
    #[serde(default)]
    pub end: f64,
    /// The power, above 0: 1 is a straight line, 2 slows down towards the end; 1 unless said.
    #[serde(default = "one")]
    #[setting(above = 0)]
    pub power: f64,
    /// Units from the start to the end, at least 1.
    #[serde(deserialize_with = "super::step::over")]
    pub over: NonZeroU64,
    /// What is counted; epochs unless said.
    #[serde(default)]
    pub unit: Unit,
}

const fn one() -> f64 {
    1.0
}

#[typetag::serde(name = "polynomial")]
impl Schedule for Polynomial {
    fn at(&self, clock: Clock) -> f64 {
        let left = 1.0 - part(self.unit.count(clock), self.over.get());
        between(self.end, self.value, left.powf(self.power))
    }

    fn extent(&self) -> Option<(f64, f64)> {
        Some(ends(self.value, self.end))
    }

    fn counts(&self) -> Counts {
        self.unit.into()
    }
}
