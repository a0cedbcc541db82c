//! `Search`: how far to go.

use crate::{Checked, Clock, Offers};
use std::fmt;

/// Value and slope of the objective at one point of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Distance along the direction.
    pub step: f64,
    /// φ(step) = f(θ + step · d).
    pub value: f64,
    /// φ′(step) = ∇f(θ + step · d)ᵀ d. NaN where it was not asked for.
    pub slope: f64,
}

/// The objective along a line, `φ(α) = f(θ + α d)`. All points see the same batch, dropout mask
/// and noise.
pub trait Line {
    /// φ(0) and φ′(0). The slope is that of the loss and the penalties along the step that the updaters
    /// have made, ∇f(θ)ᵀ d; where that would ascend, along −∇f(θ).
    /// Both are known already: asking costs nothing, and no search has to say that it needs them.
    fn start(&self) -> Point;

    /// The step to try first, where the direction knows its own length; see
    /// [`Heading::trial`](crate::Heading::trial).
    fn trial(&self) -> Option<f64> {
        None
    }

    /// How exactly values are known: two that differ by less may be the same. The rounding of φ(0) and, where
    /// they are known, of the parameters: ½ε (|φ(0)| + Σ |∂f/∂θᵢ θᵢ|), ε that of the precision.
    fn resolution(&self) -> f64 {
        f64::EPSILON / 2.0 * self.start().value.abs()
    }

    /// φ(α), without slope.
    fn value(&mut self, step: f64) -> Point;

    /// φ(α) and φ′(α).
    fn value_and_slope(&mut self, step: f64) -> Point;
}

/// Why a search found no step.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum SearchFailure {
    /// The line does not go down at its start.
    NoDescent {
        /// φ′(0).
        slope: f64,
    },
    /// The search gave up before it found a step that it accepts.
    Exhausted {
        /// The point of lowest value that it saw, if that is lower than at the start: the parameters move
        /// there.
        best: Option<Point>,
    },
    /// The value was not finite at every step that was tried.
    NotFinite {
        /// The smallest step tried.
        step: f64,
    },
}

impl fmt::Display for SearchFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDescent { slope } => write!(f, "no descent: slope {slope:e} at the start"),
            Self::Exhausted { .. } => f.write_str("no acceptable step"),
            Self::NotFinite { step } => write!(f, "not finite down to a step of {step:e}"),
        }
    }
}

impl std::error::Error for SearchFailure {}

/// How far to go along a direction. A learning rate is the simplest search; in a recipe it is what a search
/// is that does not say its type.
#[typetag::serde(tag = "type", default_variant = "learning-rate")]
pub trait Search: Checked {
    /// What the search asks of the objective: the value for [`Line::value`], the gradient too for
    /// [`Line::value_and_slope`]. An objective that does not offer it is refused before training.
    fn needs(&self) -> Offers;

    /// The step, when it is known without looking at the line: a learning rate. Updaters see it.
    fn rate(&self, clock: Clock) -> Option<f64>;

    /// How many numbers it remembers from one step to the next, such as the last step, from which
    /// the first trial of the next one follows.
    fn memory(&self) -> usize {
        0
    }

    /// The step, found by looking. Called only when there is no [`Search::rate`]. `memory` has as many
    /// numbers as [`Search::memory`] says; they are all 0 at the start of a phase, and
    /// stay as this call leaves them, whether it succeeds or fails.
    ///
    /// # Errors
    /// When no acceptable step was found.
    fn search(
        &self,
        clock: Clock,
        line: &mut dyn Line,
        memory: &mut [f64],
    ) -> Result<Point, SearchFailure>;
}
