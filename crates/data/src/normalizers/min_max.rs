//! `min-max`: every feature from `min` to `max`.
//!
//! y = min + (max − min) · (x − l) / (h − l), where l and h are the smallest and the largest value
//! in the training columns, of a sequence in all its steps. A constant feature becomes `min`.
//! Rows outside the range of the training rows fall outside `min` … `max`. Categories stay as they are, and
//! so does what is missing. The data are read once.

use crate::normalizers::fitted::{as_many, bounds, finite, same_features};
use crate::profile::measured_profile;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, DataError, Field, FieldSpec, Fitted, Normalizer, Plugin, SettingError, typetag,
};
use tanren_tensor::{ShapeError, Welford};

/// Maps the range of the training rows to another.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
#[setting(also = Self::ordered)]
pub struct MinMax {
    /// What the smallest value becomes.
    pub min: f64,
    /// What the largest value becomes.
    pub max: f64,
}

impl Default for MinMax {
    fn default() -> Self {
        Self { min: 0.0, max: 1.0 }
    }
}

impl MinMax {
    /// Whether there is anything between the bounds.
    fn ordered(&self) -> Result<(), SettingError> {
        bounds(self.min, self.max)
    }
}

#[typetag::serde(name = "min-max")]
impl Normalizer for MinMax {
    fn fit(&self, field: &Field, rows: &[usize]) -> Result<Plugin<dyn Fitted>, DataError> {
        let Self { min, max } = *self;
        let moments = measured_profile(field, rows)?;
        let range = |(f, m): (usize, &Welford)| match field.spec.is_category(f) {
            true => (min, max),
            false if m.weight == 0.0 => (0.0, 0.0), // all are missing
            false => (m.min, m.max),
        };
        let (low, high): (Vec<f64>, Vec<f64>) = moments.iter().enumerate().map(range).unzip();
        let mut ranges = low.iter().zip(&high);
        if let Some(feature) = ranges.position(|(low, high)| !(high - low).is_finite()) {
            let (low, high) = (low[feature], high[feature]);
            let message = format!("expected a finite range, found one from {low:e} to {high:e}");
            let error = DataError::new(&field.spec.name, message);
            return Err(error.column(field.spec.feature_name(feature)));
        }
        let fitted = MinMaxed { min, max, low, high };
        Ok(fitted.into())
    }
}

/// What [`MinMax`] learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MinMaxed {
    /// What `low` becomes.
    pub min: f64,
    /// What `high` becomes.
    pub max: f64,
    /// l: the smallest value of each feature; `min` for a category.
    pub low: Vec<f64>,
    /// h: the largest value of each feature; `max` for a category.
    pub high: Vec<f64>,
}

impl MinMaxed {
    /// (l, h) of each feature.
    fn ranges(&self) -> impl Iterator<Item = (f64, f64)> {
        self.low.iter().copied().zip(self.high.iter().copied())
    }
}

impl Checked for MinMaxed {
    fn check(&self) -> Result<(), SettingError> {
        bounds(self.min, self.max)?;
        finite("low", &self.low)?;
        finite("high", &self.high)?;
        as_many("high", &self.high, "low", &self.low)?;
        let fits = |low: f64, high: f64| low <= high && (high - low).is_finite();
        let wrong = self.ranges().enumerate().find(|(_, (low, high))| !fits(*low, *high));
        wrong.map_or(Ok(()), |(at, (low, high))| {
            let expected = format!("at most high[{at}] = {high:?}, at a finite distance");
            SettingError::unless(false, &format!("low[{at}]"), &expected, low)
        })
    }
}

#[typetag::serde(name = "min-maxed")]
impl Fitted for MinMaxed {
    fn output(&self, input: &FieldSpec) -> Result<FieldSpec, ShapeError> {
        let uneven = self.low.len() != self.high.len();
        same_features(input, if uneven { 0 } else { self.low.len() }, "features with a known range")
    }

    fn apply(&self, _: &FieldSpec, input: &[f64], output: &mut Vec<f64>) {
        let Self { min, max, .. } = *self;
        output.extend(input.iter().zip(self.ranges()).map(|(x, (low, high))| {
            // A constant feature has an empty range: any x becomes `min`.
            match high > low || x.is_nan() {
                true => min + (max - min) * ((x - low) / (high - low)),
                false => min,
            }
        }));
    }

    fn invert(&self, _: &FieldSpec, output: &[f64], input: &mut Vec<f64>) -> bool {
        let Self { min, max, .. } = *self;
        let back =
            |(y, (low, high)): (&f64, (f64, f64))| low + (high - low) * (y - min) / (max - min);
        input.extend(output.iter().zip(self.ranges()).map(back));
        true
    }
}
