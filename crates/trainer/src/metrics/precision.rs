//! Precision: the share of what was predicted to be of a class that is. hits / predicted.

use super::{Over, answers};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// The share of what is predicted to be of a class that is of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Precision {
    /// The classes it is a mean over, or the one it is about.
    pub over: Over,
}

#[typetag::serde(name = "precision")]
impl Metric for Precision {
    fn name(&self) -> Cow<'_, str> {
        self.over.name("precision").into()
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
        Some("rows that are predicted to be of the class")
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        self.over.score(comparison, |c| c.hits / c.predicted())
    }
}
