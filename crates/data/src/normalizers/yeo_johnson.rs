//! `yeo-johnson`: a power for every feature that makes its numbers as normal as a power can.
//!
//! ψ(x) = ((1 + x)^λ − 1) / λ for x ≥ 0, ln (1 + x) with λ = 0; and −ψ(−x) with 2 − λ in place of λ for
//! x < 0. λ has the largest likelihood that ψ of the training columns is normal with any mean and variance,
//! −N/2 ln var ψ + (λ − 1) Σ sign x ln (1 + |x|), which has one maximum. With `standardize`, y = (ψ − μ) / σ
//! with mean and standard deviation over the training columns. Source: Yeo and Johnson (2000), *A new family
//! of power transformations to improve normality or symmetry*; that there is one maximum: Marchand et al.
//! (2022), *SecureFedYJ*. A constant feature has λ = 1, and with `standardize` always becomes 0. Categories
//! stay as they are, and so does what is missing. One feature at a time is in memory, twice.
//!
//! For λ < 0, ψ has an upper end, and for λ > 2 a lower one. Nothing has become what lies beyond; on the way
//! back it is no further outside the range of the training columns than this range is wide.

mod fit;
mod power;

use crate::normalizers::fitted::{as_many, each_number, finite, same_features, scaled, scales};
use power::Power;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, DataError, Field, FieldSpec, Fitted, Normalizer, Plugin, SettingError, typetag,
};
use tanren_tensor::ShapeError;

/// Raises numbers to the power that makes them most normal, which takes away skewness.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct YeoJohnson {
    /// Whether what comes out has mean 0 and standard deviation 1.
    pub standardize: bool,
}

impl Default for YeoJohnson {
    fn default() -> Self {
        Self { standardize: true }
    }
}

#[typetag::serde(name = "yeo-johnson")]
impl Normalizer for YeoJohnson {
    fn fit(&self, field: &Field, rows: &[usize]) -> Result<Plugin<dyn Fitted>, DataError> {
        let untouched = fit::Feature::default();
        let features = each_number(field, rows, &untouched, |numbers| {
            fit::feature(numbers, self.standardize)
        })?;
        let column = |get: fn(&fit::Feature) -> f64| features.iter().map(get).collect();
        Ok(YeoJohnsonTransformed {
            lambda: column(|f| f.power.lambda),
            pivot: column(|f| f.power.pivot),
            mean: column(|f| f.mean),
            std: column(|f| f.std),
            low: column(|f| f.low),
            high: column(|f| f.high),
        }
        .into())
    }
}

/// What [`YeoJohnson`] learnt. Each list has a number for each feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YeoJohnsonTransformed {
    /// λ; 1 for a category.
    pub lambda: Vec<f64>,
    /// Where ψ is taken to be 0 with slope 1, as sign x ln (1 + |x|), so that numbers of one sign far from 0
    /// keep their digits; mean and deviation are those of that ψ. 0 for ψ itself.
    pub pivot: Vec<f64>,
    /// μ; 0 where nothing is standardised.
    pub mean: Vec<f64>,
    /// σ; 0 for a constant feature, 1 where nothing is standardised.
    pub std: Vec<f64>,
    /// The smallest training number.
    pub low: Vec<f64>,
    /// The largest training number.
    pub high: Vec<f64>,
}

impl Checked for YeoJohnsonTransformed {
    fn check(&self) -> Result<(), SettingError> {
        let Self { lambda, pivot, mean, std, low, high } = self;
        let all =
            [("lambda", lambda), ("pivot", pivot), ("mean", mean), ("low", low), ("high", high)];
        for (setting, numbers) in all {
            finite(setting, numbers)?;
            as_many(setting, numbers, "lambda", lambda)?;
        }
        scales("std", std)?;
        as_many("std", std, "lambda", lambda)?;
        let mut ranges = low.iter().zip(high).enumerate();
        ranges.find(|(_, (low, high))| low > high).map_or(Ok(()), |(at, (low, high))| {
            let expected = format!("at most high[{at}] = {high:?}");
            SettingError::unless(false, &format!("low[{at}]"), &expected, low)
        })
    }
}

impl YeoJohnsonTransformed {
    fn feature(&self, at: usize) -> fit::Feature {
        let number = |list: &[f64], otherwise| list.get(at).copied().unwrap_or(otherwise);
        fit::Feature {
            power: Power { lambda: number(&self.lambda, 1.0), pivot: number(&self.pivot, 0.0) },
            mean: number(&self.mean, 0.0),
            std: number(&self.std, 1.0),
            low: number(&self.low, 0.0),
            high: number(&self.high, 0.0),
        }
    }
}

#[typetag::serde(name = "yeo-johnson-transformed")]
impl Fitted for YeoJohnsonTransformed {
    fn output(&self, input: &FieldSpec) -> Result<FieldSpec, ShapeError> {
        same_features(input, self.lambda.len(), "features with a known power")
    }

    fn apply(&self, field: &FieldSpec, input: &[f64], output: &mut Vec<f64>) {
        output.extend(input.iter().enumerate().map(|(f, &x)| {
            let feature = self.feature(f);
            match field.is_category(f) {
                true => x,
                false => scaled(feature.power.value(x), feature.mean, feature.std),
            }
        }));
    }

    fn invert(&self, field: &FieldSpec, output: &[f64], input: &mut Vec<f64>) -> bool {
        input.extend(output.iter().enumerate().map(|(f, &y)| match field.is_category(f) {
            true => y,
            false => self.feature(f).back(y),
        }));
        true
    }
}
