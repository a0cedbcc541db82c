//! F-beta: the weighted harmonic mean of precision and recall.
//!
//! F = (1 + β²) hits / ((1 + β²) hits + β² misses + false alarms). Source: van Rijsbergen (1979),
//! *Information retrieval*, chapter 7.

use super::{Over, answers};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// The harmonic mean of precision and recall, in which recall counts β times as much.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct FBeta {
    /// β; 1 gives F1.
    #[setting(above = 0)]
    pub beta: f64,
    /// The classes it is a mean over, or the one it is about.
    pub over: Over,
}

impl Default for FBeta {
    fn default() -> Self {
        Self { beta: 2.0, over: Over::default() }
    }
}

#[typetag::serde(name = "f_beta")]
impl Metric for FBeta {
    fn name(&self) -> Cow<'_, str> {
        self.over.name(&format!("f{}", self.beta)).into()
    }

    fn better(&self) -> Better {
        Better::Higher
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        answers(target)
    }

    fn class(&self) -> Option<&str> {
        self.over.class()
    }

    fn needs(&self) -> Option<&'static str> {
        Some("rows of the class, or rows that are predicted to be of it")
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        self.over.score(comparison, |counts| counts.f_beta(self.beta))
    }
}
