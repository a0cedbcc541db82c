//! Pearson's correlation of targets and predictions, the mean over targets.

use super::moments::Moments;
use super::numbers;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// The correlation of targets and predictions, which does not see a wrong scale or offset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Pearson {}

#[typetag::serde(name = "pearson")]
impl Metric for Pearson {
    fn name(&self) -> Cow<'_, str> {
        "pearson".into()
    }

    fn better(&self) -> Better {
        Better::Higher
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        numbers(target)
    }

    fn needs(&self) -> Option<&'static str> {
        Some("rows whose targets differ and whose predictions differ")
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        Moments::mean_of(comparison, |m| m.both / (m.target.sqrt() * m.prediction.sqrt()))
    }
}
