//! Brier score: the mean squared error of probabilities.
//!
//! Of two classes Σ w (p − t)² / Σ w of the second one, from 0 to 1; of several the sum over classes,
//! from 0 to 2. Source: Brier (1950), *Verification of forecasts expressed in terms of probability*.

use super::classes;
use super::mean::mean;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Input, Shape, ShapeError};

/// The mean squared error of the probabilities: of two classes that of the second one, of several the
/// sum over all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Brier {}

#[typetag::serde(name = "brier")]
impl Metric for Brier {
    fn name(&self) -> Cow<'_, str> {
        "brier".into()
    }

    fn better(&self) -> Better {
        Better::Lower
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        classes(target)
    }

    fn needs(&self) -> Option<&'static str> {
        Some("predictions that are probabilities")
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        let Input::Indices(targets) = comparison.targets else { return f64::NAN };
        let asked = if targets.levels == 2 { 1..2 } else { 0..targets.levels };
        let columns = targets.data.iter().zip(comparison.weights).enumerate();
        mean(columns.map(|(n, (&class, &weight))| {
            let error = |k: usize| {
                let t = f64::from(u8::from(class as usize == k));
                comparison.probability(n, k).map_or(f64::NAN, |p| (p - t).powi(2))
            };
            (asked.clone().map(error).sum::<f64>(), weight)
        }))
    }
}
