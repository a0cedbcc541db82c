//! R²: the share of the targets' variance that predictions explain.

use super::numbers;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError, Welford};

/// 1 − `Σ w (prediction − target)² / Σ w (target − mean target)²`, with several targets the mean
/// over them. NaN when all values of a target are equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct RSquared {}

#[typetag::serde(name = "r2")]
impl Metric for RSquared {
    fn name(&self) -> Cow<'_, str> {
        "r2".into()
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
        let width = comparison.predictions.features();
        let mut each = vec![(Welford::default(), Welford::default()); width];
        for (target, prediction, weight) in comparison.numbers().into_iter().flatten() {
            for (((error, spread), t), p) in each.iter_mut().zip(target).zip(prediction) {
                error.add((p - t) * (p - t), weight);
                spread.add(*t, weight);
            }
        }
        // With one value the variance is 0 and 1 − x/0 = −∞; undefined is what is meant.
        let r2 = |(error, target): &(Welford, Welford)| match target.variance() {
            v if v > 0.0 => 1.0 - error.mean / v,
            _ => f64::NAN,
        };
        each.iter().map(r2).sum::<f64>() / width as f64
    }
}
