//! `Metric`: how good predictions are, in words people use.

use crate::{Checked, Comparison};
use std::borrow::Cow;
use tanren_tensor::{Shape, ShapeError};

/// Which way a metric improves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Accuracy, R².
    Higher,
    /// Error, loss.
    Lower,
}

impl Better {
    /// Whether the score `new` is better than `old`. NaN is never better, and nothing is better
    /// than NaN.
    #[must_use]
    pub fn than(self, new: f64, old: f64) -> bool {
        match self {
            Self::Higher => new > old,
            Self::Lower => new < old,
        }
    }

    /// The worst score there is: every other one but NaN is better.
    #[must_use]
    pub const fn worst(self) -> f64 {
        match self {
            Self::Higher => f64::NEG_INFINITY,
            Self::Lower => f64::INFINITY,
        }
    }
}

/// The units in which predictions and targets are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Units {
    /// Those the target has in the data: euros, not standard deviations.
    Own,
    /// Those the network is trained in, after the normalisers of the target.
    Network,
}

/// A score of predictions against targets. Every output of a network is scored by itself.
#[typetag::serde(tag = "type")]
pub trait Metric: Checked {
    /// The name of the score in tables and files, by which `keep` and stopping rules refer to it.
    /// A setting that changes the score is part of it: `top-3-accuracy`.
    fn name(&self) -> Cow<'_, str>;

    /// Which way it improves.
    fn better(&self) -> Better;

    /// The units it wants to compare in.
    fn units(&self) -> Units {
        Units::Own
    }

    /// Whether it is defined for targets of this shape, as the data have them. An output whose
    /// target it refuses is not scored by it; a metric that no output can use is an error.
    ///
    /// # Errors
    /// What it expects, and what it found.
    fn accepts(&self, _target: Shape) -> Result<(), ShapeError> {
        Ok(())
    }

    /// The class, or the one of several answers, that it is about alone, by name. Where a target has names
    /// and this is none of them, the metric is refused.
    fn class(&self) -> Option<&str> {
        None
    }

    /// What rows must have for the score to be defined, in a few words that follow "needs", where not all
    /// rows have it. People read it in place of a NaN.
    fn needs(&self) -> Option<&'static str> {
        None
    }

    /// The score of all predictions of one output together, for targets it accepts. NaN when it is
    /// not defined for them.
    ///
    /// It is not called where the units it wants do not exist: when a normaliser of the target
    /// cannot be inverted, or predictions are more than guesses of the target, such as a mean and
    /// a spread. The score is then NaN.
    fn score(&self, comparison: &Comparison<'_>) -> f64;
}
