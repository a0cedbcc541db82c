//! `impute`: what is missing becomes the training median, or a level of its own.
//!
//! A missing number, NaN, becomes the median of the finite training numbers: the middle one in ascending
//! order, of an even count the mean of the middle two; 0 where all are missing. Every category gets
//! one more level, `missing`.

use crate::normalizers::fitted::{finite, same_features};
use crate::normalizers::quantiles::quantile;
use crate::profile::each_feature;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, DataError, Field, FieldSpec, Fitted, Normalizer, Plugin, SettingError, typetag,
};
use tanren_tensor::ShapeError;

/// Fills what is missing.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Impute {}

/// The level that stands for no level.
const MISSING: &str = "missing";

#[typetag::serde(name = "impute")]
impl Normalizer for Impute {
    fn fit(&self, field: &Field, rows: &[usize]) -> Result<Plugin<dyn Fitted>, DataError> {
        if field.spec.shape.indices {
            let message = format!("expected numbers, found {}", field.spec.shape);
            return Err(DataError::new(&field.spec.name, message));
        }
        let mut fill = Vec::with_capacity(field.width());
        each_feature(field, rows, |feature, numbers| {
            numbers.retain(|x| x.is_finite());
            fill.push(match field.spec.features.get(feature).filter(|f| f.is_category()) {
                Some(category) => category.levels.len() as f64,
                None => {
                    numbers.sort_unstable_by(f64::total_cmp);
                    quantile(numbers, 0.5)
                }
            });
        });
        Ok(Imputed { fill }.into())
    }
}

/// What [`Impute`] learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Imputed {
    /// What a missing number of each feature becomes.
    pub fill: Vec<f64>,
}

impl Checked for Imputed {
    fn check(&self) -> Result<(), SettingError> {
        finite("fill", &self.fill)
    }
}

#[typetag::serde(name = "imputed")]
impl Fitted for Imputed {
    fn output(&self, input: &FieldSpec) -> Result<FieldSpec, ShapeError> {
        let mut output = same_features(input, self.fill.len(), "numbers")?;
        for feature in output.features.iter_mut().filter(|feature| feature.is_category()) {
            let mut name = MISSING.to_owned();
            while feature.levels.contains(&name) {
                name.push('_');
            }
            feature.levels.push(name);
        }
        Ok(output)
    }

    fn apply(&self, _: &FieldSpec, input: &[f64], output: &mut Vec<f64>) {
        let fill = |(&x, &fill): (&f64, &f64)| if x.is_nan() { fill } else { x };
        output.extend(input.iter().zip(&self.fill).map(fill));
    }

    fn invert(&self, _: &FieldSpec, output: &[f64], input: &mut Vec<f64>) -> bool {
        input.extend(output); // where nothing was missing, nothing changed
        true
    }
}
