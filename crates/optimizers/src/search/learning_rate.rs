//! `learning-rate`: η = rate(clock).
//!
//! η step along the direction. Source of steps that are chosen in advance: Robbins, Monro (1951),
//! *A stochastic approximation method*.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Clock, Line, Offers, Point, Scheduled, Search, SearchFailure};

/// The simplest search: a step that follows from the clock alone.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct LearningRate {
    /// η, a number above 0 or a schedule, whose values may also be 0, though not all of them; 0.01 unless said.
    #[setting(from = 0, check = Scheduled::not_zero)]
    pub rate: Scheduled,
}

impl LearningRate {
    /// The rate of a schedule, or a number.
    pub fn new(rate: impl Into<Scheduled>) -> Self {
        Self { rate: rate.into() }
    }

    /// The same rate at all times.
    #[must_use]
    pub const fn constant(rate: f64) -> Self {
        Self { rate: Scheduled::Constant(rate) }
    }
}

impl Default for LearningRate {
    fn default() -> Self {
        Self::constant(0.01)
    }
}

#[typetag::serde(name = "learning-rate")]
impl Search for LearningRate {
    fn needs(&self) -> Offers {
        Offers::GRADIENT
    }

    fn rate(&self, clock: Clock) -> Option<f64> {
        Some(self.rate.at(clock))
    }

    fn search(
        &self,
        clock: Clock,
        line: &mut dyn Line,
        _: &mut [f64],
    ) -> Result<Point, SearchFailure> {
        Ok(line.value(self.rate.at(clock)))
    }
}
