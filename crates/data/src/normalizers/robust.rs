//! `robust`: median 0, and a quantile range of 1, for every feature.
//!
//! y = (x − m) / r, where m is the median of the training columns and r = Q(high) − Q(low), by default the
//! distance of the quartiles: half of the columns, however far away, change neither much. With
//! `unit-variance`, r is also divided by Φ⁻¹(high) − Φ⁻¹(low), so that normal numbers get a standard
//! deviation of 1. Source: Tukey (1977), *Exploratory Data Analysis*. r = 1 where more columns are equal than
//! the range holds. A constant feature has r = 0 and always becomes 0. Categories stay as they are, and so
//! does what is missing. One feature after another is sorted.

use crate::normalizers::fitted::{
    as_many, constant, each_number, finite, same_features, scaled, scales,
};
use crate::normalizers::quantiles::{normal_quantile, quantile};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, DataError, Field, FieldSpec, Fitted, Normalizer, Plugin, SettingError, typetag,
};
use tanren_tensor::ShapeError;

/// Subtracts the median and divides by a range of quantiles, which outliers do not change.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
#[setting(also = Self::ordered)]
pub struct Robust {
    /// The lower end of the range: the share of the numbers that are below it, from 0 to `high`.
    #[setting(from = 0, below = 1)]
    pub low: f64,
    /// The upper end of the range, above `low`, at most 1.
    #[setting(above = 0, to = 1)]
    pub high: f64,
    /// Whether normally distributed numbers get a standard deviation of 1.
    pub unit_variance: bool,
}

impl Default for Robust {
    fn default() -> Self {
        Self { low: 0.25, high: 0.75, unit_variance: false }
    }
}

impl Robust {
    /// Whether the ends are in order, and reached by normal numbers where these are asked for.
    fn ordered(&self) -> Result<(), SettingError> {
        let Self { low, high, unit_variance } = *self;
        let expected = format!("a number from 0 up to, but not including, high = {high}");
        SettingError::unless((0.0..high).contains(&low), "low", &expected, low)?;
        let ends = unit_variance && (low == 0.0 || high == 1.0);
        let expected = "false where low is 0 or high is 1, which normal numbers do not reach";
        SettingError::unless(!ends, "unit-variance", expected, unit_variance)
    }
}

#[typetag::serde(name = "robust")]
impl Normalizer for Robust {
    fn fit(&self, field: &Field, rows: &[usize]) -> Result<Plugin<dyn Fitted>, DataError> {
        let Self { low, high, unit_variance } = *self;
        let unit = if unit_variance { normal_quantile(high) - normal_quantile(low) } else { 1.0 };
        let fitted = each_number(field, rows, &(0.0, 1.0), |numbers| {
            numbers.sort_unstable_by(f64::total_cmp);
            let (from, to) = (quantile(numbers, low), quantile(numbers, high));
            let scale = match (to - from) / unit {
                _ if constant(numbers) => 0.0,
                0.0 => 1.0,
                range => range,
            };
            match scale.is_finite() {
                true => Ok((quantile(numbers, 0.5), scale)),
                false => Err(format!("expected a finite range, found one from {from:e} to {to:e}")),
            }
        })?;
        let (median, range) = fitted.into_iter().unzip();
        Ok(RobustScaled { median, range }.into())
    }
}

/// What [`Robust`] learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RobustScaled {
    /// m of each feature; 0 for a category.
    pub median: Vec<f64>,
    /// r of each feature; 0 for a constant one, 1 for a category.
    pub range: Vec<f64>,
}

impl Checked for RobustScaled {
    fn check(&self) -> Result<(), SettingError> {
        finite("median", &self.median)?;
        scales("range", &self.range)?;
        as_many("range", &self.range, "median", &self.median)
    }
}

#[typetag::serde(name = "robust-scaled")]
impl Fitted for RobustScaled {
    fn output(&self, input: &FieldSpec) -> Result<FieldSpec, ShapeError> {
        same_features(input, self.median.len(), "features with a known median")
    }

    fn apply(&self, _: &FieldSpec, input: &[f64], output: &mut Vec<f64>) {
        let fitted = self.median.iter().zip(&self.range);
        output.extend(input.iter().zip(fitted).map(|(&x, (&m, &r))| scaled(x, m, r)));
    }

    fn invert(&self, _: &FieldSpec, output: &[f64], input: &mut Vec<f64>) -> bool {
        let fitted = self.median.iter().zip(&self.range);
        input.extend(output.iter().zip(fitted).map(|(y, (m, r))| y * r + m));
        true
    }
}
