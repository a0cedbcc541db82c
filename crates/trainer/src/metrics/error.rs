//! Mean errors of numbers, over all columns and features: squared, its root, absolute.

use super::mean::over_numbers;
use super::numbers;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// `Σ w (prediction − target)² / Σ w`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct MeanSquaredError {}

/// The root of the mean squared error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct RootMeanSquaredError {}

/// `Σ w |prediction − target| / Σ w`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct MeanAbsoluteError {}

fn squared(target: f64, prediction: f64) -> f64 {
    (prediction - target) * (prediction - target)
}

#[typetag::serde(name = "mse")]
impl Metric for MeanSquaredError {
    fn name(&self) -> Cow<'_, str> {
        "mse".into()
    }

    fn better(&self) -> Better {
        Better::Lower
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        numbers(target)
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        over_numbers(comparison, squared)
    }
}

#[typetag::serde(name = "rmse")]
impl Metric for RootMeanSquaredError {
    fn name(&self) -> Cow<'_, str> {
        "rmse".into()
    }

    fn better(&self) -> Better {
        Better::Lower
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        numbers(target)
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        over_numbers(comparison, squared).sqrt()
    }
}

#[typetag::serde(name = "mae")]
impl Metric for MeanAbsoluteError {
    fn name(&self) -> Cow<'_, str> {
        "mae".into()
    }

    fn better(&self) -> Better {
        Better::Lower
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        numbers(target)
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        over_numbers(comparison, |t, p| (p - t).abs())
    }
}
