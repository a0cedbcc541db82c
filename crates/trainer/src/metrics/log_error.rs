//! MSLE: the mean squared error of ln(1 + x).

use super::mean::over_numbers;
use super::numbers;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// The mean squared error of the logarithms of 1 + x.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct MeanSquaredLogError {}

#[typetag::serde(name = "msle")]
impl Metric for MeanSquaredLogError {
    fn name(&self) -> Cow<'_, str> {
        "msle".into()
    }

    fn better(&self) -> Better {
        Better::Lower
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        numbers(target)
    }

    fn needs(&self) -> Option<&'static str> {
        Some("targets and predictions above -1")
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        over_numbers(comparison, |t, p| (p.ln_1p() - t.ln_1p()).powi(2))
    }
}
