//! Specificity: the share of what is not of a class that was not taken for it.

use super::{Over, answers};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// The share of what is not of a class that is not predicted to be of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Specificity {
    /// The classes it is a mean over, or the one it is about.
    pub over: Over,
}

#[typetag::serde(name = "specificity")]
impl Metric for Specificity {
    fn name(&self) -> Cow<'_, str> {
        self.over.name("specificity").into()
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
        Some("rows that are not of the class")
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        self.over.score(comparison, |c| c.rejections / (c.rejections + c.false_alarms))
    }
}
