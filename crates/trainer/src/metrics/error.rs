//! Mean errors of numbers, over all columns and features: squared, its root, absolute.

use super::numbers;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError, Welford};

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

/// The weighted mean of `penalty(prediction − target)`; NaN when there is nothing to compare.
fn mean(comparison: &Comparison<'_>, penalty: fn(f64) -> f64) -> f64 {
    let mut all = Welford::default();
    for (target, prediction, weight) in comparison.numbers().into_iter().flatten() {
        for (t, p) in target.iter().zip(prediction) {
            all.add(penalty(p - t), weight);
        }
    }
    if all.weight > 0.0 { all.mean } else { f64::NAN }
}

fn squared(error: f64) -> f64 {
    error * error
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
        mean(comparison, squared)
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
        mean(comparison, squared).sqrt()
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
        mean(comparison, f64::abs)
    }
}
