//! G-measure: the geometric mean of precision and recall. Source: Fowlkes, Mallows (1983), *A method for
//! comparing two hierarchical clusterings*.

use super::{Over, answers};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// The geometric mean of precision and recall.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct GMeasure {
    /// The classes it is a mean over, or the one it is about.
    pub over: Over,
}

#[typetag::serde(name = "g_measure")]
impl Metric for GMeasure {
    fn name(&self) -> Cow<'_, str> {
        self.over.name("g_measure").into()
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
        Some("rows of the class that are predicted to be of it")
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        self.over.score(comparison, |c| c.hits / (c.predicted() * c.truth()).sqrt())
    }
}
