//! `warm-up`: (start + (1 − start) · t/over) · then, and from `over` on `then`.
//!
//! t count of epochs, samples or iterations. What follows is not delayed: its clock runs from the beginning,
//! so that its steps and its end come when they would have come without the warm-up. Source: Goyal et al.
//! (2017), *Accurate, large minibatch SGD: training ImageNet in 1 hour*.

use super::between::{between, part};
use crate::Unit;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;
use tanren_plugin::{Checked, Clock, Counts, Schedule, Scheduled};

/// Rises to the value of another schedule in a straight line, and then follows it.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct WarmUp {
    /// Units until the warm-up is over, at least 1.
    #[serde(deserialize_with = "super::step::over")]
    pub over: NonZeroU64,
    /// The share of the value at the start, from 0 to 1; 0.1 unless said.
    #[serde(default = "tenth")]
    #[setting(from = 0, to = 1)]
    pub start: f64,
    /// What is counted; epochs unless said.
    #[serde(default)]
    pub unit: Unit,
    /// The number, or the schedule, to which it rises. A schedule counts from the beginning, not from the
    /// end of the warm-up.
    pub then: Scheduled,
}

const fn tenth() -> f64 {
    0.1
}

impl WarmUp {
    /// A tenth of `then` at first, all of it after so many units.
    pub fn new(over: NonZeroU64, unit: Unit, then: impl Into<Scheduled>) -> Self {
        Self { over, start: tenth(), unit, then: then.into() }
    }
}

#[typetag::serde(name = "warm-up")]
impl Schedule for WarmUp {
    fn at(&self, clock: Clock) -> f64 {
        let share = between(self.start, 1.0, part(self.unit.count(clock), self.over.get()));
        share * self.then.at(clock)
    }

    fn extent(&self) -> Option<(f64, f64)> {
        let (low, high) = self.then.extent()?;
        // What is above 0 is made smaller, what is below 0 larger.
        Some((low.min(self.start * low), high.max(self.start * high)))
    }

    fn counts(&self) -> Counts {
        Counts::only(self.unit) | self.then.counts()
    }
}
