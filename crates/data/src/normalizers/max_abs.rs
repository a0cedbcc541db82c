//! `max-abs`: every feature divided by its largest absolute value, so that 0 stays 0.
//!
//! y = x / a, with a = max |x| over the training columns: from −1 to 1. A feature that is 0 throughout has
//! a = 0 and always becomes 0. Categories stay as they are, and so does what is missing. The data are read
//! once.

use crate::normalizers::fitted::{same_features, scaled, scales};
use crate::profile::measured_profile;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, DataError, Field, FieldSpec, Fitted, Normalizer, Plugin, SettingError, typetag,
};
use tanren_tensor::{ShapeError, Welford};

/// Divides by the largest absolute value.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct MaxAbs {}

#[typetag::serde(name = "max-abs")]
impl Normalizer for MaxAbs {
    fn fit(&self, field: &Field, rows: &[usize]) -> Result<Plugin<dyn Fitted>, DataError> {
        let moments = measured_profile(field, rows)?;
        let largest = |(f, m): (usize, &Welford)| match field.spec.is_category(f) {
            true => 1.0,
            false if m.weight == 0.0 => 0.0, // all are missing
            false => m.max.max(-m.min),
        };
        Ok(MaxAbsScaled { largest: moments.iter().enumerate().map(largest).collect() }.into())
    }
}

/// What [`MaxAbs`] learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaxAbsScaled {
    /// a of each feature; 1 for a category.
    pub largest: Vec<f64>,
}

impl Checked for MaxAbsScaled {
    fn check(&self) -> Result<(), SettingError> {
        scales("largest", &self.largest)
    }
}

#[typetag::serde(name = "max-abs-scaled")]
impl Fitted for MaxAbsScaled {
    fn output(&self, input: &FieldSpec) -> Result<FieldSpec, ShapeError> {
        same_features(input, self.largest.len(), "features with a known largest value")
    }

    fn apply(&self, _: &FieldSpec, input: &[f64], output: &mut Vec<f64>) {
        output.extend(input.iter().zip(&self.largest).map(|(&x, &a)| scaled(x, 0.0, a)));
    }

    fn invert(&self, _: &FieldSpec, output: &[f64], input: &mut Vec<f64>) -> bool {
        input.extend(output.iter().zip(&self.largest).map(|(y, a)| y * a));
        true
    }
}
