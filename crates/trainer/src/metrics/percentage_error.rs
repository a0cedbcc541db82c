//! MAPE: the mean absolute error as a share of the target.
//!
//! Σ w |p − t| / max(|t|, ε) / Σ w, over all columns and features, with ε = 2.2·10⁻¹⁶: a target of 0
//! makes it huge and not undefined.

use super::mean::over_numbers;
use super::numbers;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// The mean absolute error as a share of the target: 0.1 is 10 %. It is huge where a target is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct MeanAbsolutePercentageError {}

#[typetag::serde(name = "mape")]
impl Metric for MeanAbsolutePercentageError {
    fn name(&self) -> Cow<'_, str> {
        "mape".into()
    }

    fn better(&self) -> Better {
        Better::Lower
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        numbers(target)
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        over_numbers(comparison, |t, p| (p - t).abs() / t.abs().max(f64::EPSILON))
    }
}
