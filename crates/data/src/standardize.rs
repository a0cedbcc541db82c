//! `standardize`: mean 0 and standard deviation 1 for every feature.
//!
//! y = (x − μ) / σ, with μ = Σ x / N and σ² = Σ (x − μ)² / N over the N training columns, of a
//! sequence all its steps. A constant feature has no σ to divide by and is only centred.

use crate::profile::{feature_name, finite_profile};
use serde::{Deserialize, Serialize};
use tanren_plugin::{DataError, Field, Fitted, Normalizer, Plugin, typetag};
use tanren_tensor::{Shape, ShapeError, Welford};

/// A feature whose standard deviation is at most this share of its mean is constant but for
/// rounding.
const CONSTANT: f64 = 1e-12;

/// Subtracts the mean and divides by the standard deviation.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standardize {}

#[typetag::serde(name = "standardize")]
impl Normalizer for Standardize {
    fn fit(&self, field: &Field, rows: &[usize]) -> Result<Plugin<dyn Fitted>, DataError> {
        let moments = finite_profile(field, rows)?;
        if let Some(feature) = moments.iter().position(|m| !m.std().is_finite()) {
            let (min, max) = (moments[feature].min, moments[feature].max);
            let message = format!(
                "expected numbers with a finite variance, found a range from {min:e} to {max:e}"
            );
            return Err(DataError::new(&field.name, message).column(feature_name(field, feature)));
        }
        let mean = moments.iter().map(|m| m.mean).collect();
        let std = moments.iter().map(divisor).collect();
        Ok(Standardized { mean, std }.into())
    }
}

/// σ, or 1 for a constant feature.
fn divisor(moments: &Welford) -> f64 {
    let std = moments.std();
    if std <= CONSTANT * moments.mean.abs() { 1.0 } else { std }
}

/// What [`Standardize`] learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standardized {
    /// μ of each feature.
    pub mean: Vec<f64>,
    /// σ of each feature; 1 for a constant one.
    pub std: Vec<f64>,
}

#[typetag::serde(name = "standardized")]
impl Fitted for Standardized {
    fn output(&self, input: Shape) -> Result<Shape, ShapeError> {
        let features = input.features;
        if input.indices || self.mean.len() != features || self.std.len() != features {
            let expected = format!("{} standardized features", self.mean.len());
            return Err(ShapeError::new(expected, input));
        }
        Ok(input)
    }

    fn apply(&self, input: &[f64], output: &mut Vec<f64>) {
        let fitted = self.mean.iter().zip(&self.std);
        output.extend(input.iter().zip(fitted).map(|(x, (mean, std))| (x - mean) / std));
    }

    fn invert(&self, output: &[f64], input: &mut Vec<f64>) -> bool {
        let fitted = self.mean.iter().zip(&self.std);
        input.extend(output.iter().zip(fitted).map(|(y, (mean, std))| y * std + mean));
        true
    }
}
