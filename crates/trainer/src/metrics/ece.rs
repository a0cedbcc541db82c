//! ECE: the expected calibration error, Σ over ranges of weight · |accuracy − confidence| / Σ weight.
//!
//! Source: Guo et al. (2017), *On calibration of modern neural networks*.

use super::{Calibration, classes};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// How far the probabilities of the predicted classes are from how often these are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Ece {
    /// Ranges of probability.
    #[setting(from = 1, to = 1000)]
    pub bins: usize,
}

impl Default for Ece {
    fn default() -> Self {
        Self { bins: 10 }
    }
}

#[typetag::serde(name = "ece")]
impl Metric for Ece {
    fn name(&self) -> Cow<'_, str> {
        if *self == Self::default() { "ece".into() } else { format!("ece_{}", self.bins).into() }
    }

    fn better(&self) -> Better {
        Better::Lower
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        classes(target)
    }

    fn needs(&self) -> Option<&'static str> {
        Some("predictions that are probabilities")
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        Calibration::of(comparison, self.bins).map_or(f64::NAN, |calibration| calibration.error())
    }
}
