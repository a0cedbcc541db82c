//! `standardize`: mean 0 and standard deviation 1 for every feature.
//!
//! y = (x − μ) / σ, with μ = Σ x / N and σ² = Σ (x − μ)² / N over the N training columns, of a
//! sequence all its steps. A feature that is constant there has σ = 0 and always becomes 0: what another
//! value of it means, the training columns do not say. Categories stay as they are, and so does what is
//! missing. The data are read once.

use crate::normalizers::fitted::{CONSTANT, as_many, finite, same_features, scaled, scales};
use crate::profile::measured_profile;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, DataError, Field, FieldSpec, Fitted, Normalizer, Plugin, SettingError, typetag,
};
use tanren_tensor::{ShapeError, Welford};

/// Subtracts the mean and divides by the standard deviation.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Standardize {}

#[typetag::serde(name = "standardize")]
impl Normalizer for Standardize {
    fn fit(&self, field: &Field, rows: &[usize]) -> Result<Plugin<dyn Fitted>, DataError> {
        let moments = measured_profile(field, rows)?;
        let measured = |feature: usize| !field.spec.is_category(feature);
        let mut all = moments.iter().enumerate();
        if let Some((feature, _)) = all.find(|(f, m)| measured(*f) && !m.std().is_finite()) {
            let (min, max) = (moments[feature].min, moments[feature].max);
            let message = format!(
                "expected numbers with a finite variance, found a range from {min:e} to {max:e}"
            );
            let error = DataError::new(&field.spec.name, message);
            let far = max.abs().max(min.abs());
            let row = rows.iter().copied().find(|&row| {
                let at = |column| field.values.number(column * field.width() + feature);
                field.columns(row).any(|column| at(column).abs() == far)
            });
            let error = DataError { row, ..error };
            return Err(error.column(field.spec.feature_name(feature)));
        }
        let fit =
            |(f, m): (usize, &Welford)| if measured(f) { (m.mean, divisor(m)) } else { (0.0, 1.0) };
        let (mean, std) = moments.iter().enumerate().map(fit).unzip();
        Ok(Standardized { mean, std }.into())
    }
}

/// σ, which is exactly 0 for a constant feature.
fn divisor(moments: &Welford) -> f64 {
    let std = moments.std();
    if std <= CONSTANT * moments.mean.abs() { 0.0 } else { std }
}

/// What [`Standardize`] learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standardized {
    /// μ of each feature; 0 for a category.
    pub mean: Vec<f64>,
    /// σ of each feature; 0 for a constant one, 1 for a category.
    pub std: Vec<f64>,
}

impl Checked for Standardized {
    fn check(&self) -> Result<(), SettingError> {
        finite("mean", &self.mean)?;
        scales("std", &self.std)?;
        as_many("std", &self.std, "mean", &self.mean)
    }
}

#[typetag::serde(name = "standardized")]
impl Fitted for Standardized {
    fn output(&self, input: &FieldSpec) -> Result<FieldSpec, ShapeError> {
        let uneven = self.mean.len() != self.std.len();
        same_features(input, if uneven { 0 } else { self.mean.len() }, "standardized features")
    }

    fn apply(&self, _: &FieldSpec, input: &[f64], output: &mut Vec<f64>) {
        let fitted = self.mean.iter().zip(&self.std);
        output.extend(input.iter().zip(fitted).map(|(&x, (&mean, &std))| scaled(x, mean, std)));
    }

    fn invert(&self, _: &FieldSpec, output: &[f64], input: &mut Vec<f64>) -> bool {
        let fitted = self.mean.iter().zip(&self.std);
        input.extend(output.iter().zip(fitted).map(|(y, (mean, std))| y * std + mean));
        true
    }
}
