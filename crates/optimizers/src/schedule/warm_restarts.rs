//! `warm-restarts`: end + (value − end) (1 + cos(π t/n)) / 2, again and again.
//!
//! t count of epochs, samples or iterations since the last restart, n = over · factorⁱ the length of period
//! i. Source: Loshchilov, Hutter (2017), *SGDR: stochastic gradient descent with warm restarts*.

use super::between::{ends, wave};
use crate::Unit;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;
use tanren_plugin::{Checked, Clock, Counts, Schedule};

/// Falls in half a wave of the cosine, and starts again from the top.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct WarmRestarts {
    /// The number at every restart.
    pub value: f64,
    /// The number to which it goes until the next restart; 0 unless said.
    #[serde(default)]
    pub end: f64,
    /// Units until the first restart, at least 1.
    #[serde(deserialize_with = "super::step::over")]
    pub over: NonZeroU64,
    /// How many times as long as the one before each period is, at least 1; 1 unless said.
    #[serde(default = "one")]
    #[setting(from = 1)]
    pub factor: u64,
    /// What is counted; epochs unless said.
    #[serde(default)]
    pub unit: Unit,
}

const fn one() -> u64 {
    1
}

impl WarmRestarts {
    /// Units since the last restart, and to the next one from there.
    const fn period(&self, count: u64) -> (u64, u64) {
        let (mut t, mut length) = (count, self.over.get());
        if self.factor <= 1 {
            return (t % length, length);
        }
        // The periods grow, so there are few of them.
        while t >= length {
            t -= length;
            length = length.saturating_mul(self.factor);
        }
        (t, length)
    }
}

#[typetag::serde(name = "warm-restarts")]
impl Schedule for WarmRestarts {
    fn at(&self, clock: Clock) -> f64 {
        let (t, length) = self.period(self.unit.count(clock));
        wave(self.value, self.end, t as f64 / length as f64)
    }

    fn extent(&self) -> Option<(f64, f64)> {
        // A period of one unit never leaves the top.
        let top = self.over.get() == 1 && self.factor <= 1;
        Some(ends(self.value, if top { self.value } else { self.end }))
    }

    fn counts(&self) -> Counts {
        self.unit.into()
    }
}
