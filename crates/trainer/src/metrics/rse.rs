//! RSE: the squared error as a share of that of the mean, 1 − R².

use super::moments::Moments;
use super::numbers;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// The squared error as a share of what predicting the mean would give: 1 − r2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct RelativeSquaredError {}

#[typetag::serde(name = "rse")]
impl Metric for RelativeSquaredError {
    fn name(&self) -> Cow<'_, str> {
        "rse".into()
    }

    fn better(&self) -> Better {
        Better::Lower
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        numbers(target)
    }

    fn needs(&self) -> Option<&'static str> {
        Some("at least two rows whose targets differ")
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        Moments::mean_of(comparison, |m| if m.target > 0.0 { m.error / m.target } else { f64::NAN })
    }
}
