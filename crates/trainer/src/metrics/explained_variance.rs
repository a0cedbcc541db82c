//! Explained variance: 1 − Var(t − p) / Var(t), the mean over targets.

use super::moments::Moments;
use super::numbers;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// The share of the targets' variance that is explained, whatever offset predictions have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct ExplainedVariance {}

#[typetag::serde(name = "explained_variance")]
impl Metric for ExplainedVariance {
    fn name(&self) -> Cow<'_, str> {
        "explained_variance".into()
    }

    fn better(&self) -> Better {
        Better::Higher
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        numbers(target)
    }

    fn needs(&self) -> Option<&'static str> {
        Some("at least two rows whose targets differ")
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        // Σ w ((t − p) − mean (t − p))².
        let left = |m: &Moments| (m.target - 2.0 * m.both + m.prediction).max(0.0);
        Moments::mean_of(comparison, |m| {
            if m.target > 0.0 { 1.0 - left(m) / m.target } else { f64::NAN }
        })
    }
}
