//! `StepOutcome`: what a step did, as numbers.

use crate::SearchFailure;
use std::fmt;

/// What a step did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StepOutcome {
    /// The step length: the learning rate, or what the search found.
    pub rate: f64,
    /// How often the objective was evaluated, with the evaluation the step began with, unless that was
    /// known from the step before.
    pub evaluations: usize,
    /// ∇f(θ)ᵀ d along the step that was taken; `None` where no search looked along it.
    pub slope: Option<f64>,
    /// Whether the direction began anew: see [`Heading::restarted`](crate::Heading::restarted).
    pub restarted: bool,
    /// The clip rate: the share of what an updater looked at that it clipped, of numbers, units or whole
    /// steps, whatever it clips; of several updaters the largest. `None` where none clips.
    pub clip_rate: Option<f64>,
    /// Why the step was not taken as planned, if it was not.
    pub fallback: Option<Fallback>,
}

impl StepOutcome {
    /// The outcome of a step that was not taken, because the loss is not finite.
    #[must_use]
    pub fn not_finite(loss: f64) -> Self {
        let fallback = Some(Fallback::NotFinite { loss });
        Self { evaluations: 1, fallback, ..Self::default() }
    }
}

/// Why a step is not the one that was planned.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fallback {
    /// The planned step did not descend; steepest descent was taken instead.
    Ascent {
        /// ∇f(θ)ᵀ d along the planned step.
        slope: f64,
    },
    /// The search found no acceptable step: the best point it saw was taken, or none.
    Search(SearchFailure),
    /// The loss was not finite, so nothing was moved.
    NotFinite {
        /// The loss.
        loss: f64,
    },
}

impl fmt::Display for Fallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ascent { slope } => {
                write!(f, "slope {slope:e} along the step: steepest descent instead")
            }
            Self::Search(failure) => failure.fmt(f),
            Self::NotFinite { loss } => write!(f, "the loss is {loss}"),
        }
    }
}
