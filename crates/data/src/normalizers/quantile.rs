//! `quantile`: every feature by its rank, uniform from 0 to 1 or normally distributed.
//!
//! p = F(x), where F is the line through the points (Q(k / (n − 1)), k / (n − 1)) of n quantiles of the
//! training columns, and the middle of the step where quantiles are equal. y = p, or y = Φ⁻¹(p) with p
//! between 1e−7 and 1 − 1e−7, as scikit-learn has it. What is below or above all training columns becomes
//! what the smallest or the largest does, and so the way back never leaves their range. Source: Bolstad et
//! al. (2003), *A comparison of normalization methods for high density oligonucleotide array data*. A
//! constant feature always becomes 0. Categories stay as they are, and so does what is missing. One feature
//! after another is sorted; a fitted one keeps at most n numbers of each.

use crate::normalizers::fitted::{constant, each_number, finite, same_features};
use crate::normalizers::quantiles::{between, normal_quantile, quantile};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, DataError, Field, FieldSpec, Fitted, Normalizer, Plugin, SettingError, typetag,
};
use tanren_tensor::{ShapeError, normal_cdf_scalar};

/// The distribution that numbers get.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Distribution {
    /// Uniform from 0 to 1.
    #[default]
    Uniform,
    /// Normal, with mean 0 and standard deviation 1.
    Normal,
}

/// Replaces numbers by their ranks, so that neither outliers nor the form of the distribution matter.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct QuantileTransform {
    /// How many quantiles are kept of each feature, 2 to 100,000; of fewer rows, as many as there are.
    #[setting(from = 2, to = MOST)]
    pub quantiles: usize,
    /// The distribution that numbers get: `uniform` or `normal`.
    pub distribution: Distribution,
}

impl Default for QuantileTransform {
    fn default() -> Self {
        Self { quantiles: 1000, distribution: Distribution::Uniform }
    }
}

/// The most quantiles.
const MOST: usize = 100_000;

/// A normal number has a probability of at least this below it and above it.
const TAIL: f64 = 1e-7 - f64::EPSILON;

#[typetag::serde(name = "quantile")]
impl Normalizer for QuantileTransform {
    fn fit(&self, field: &Field, rows: &[usize]) -> Result<Plugin<dyn Fitted>, DataError> {
        let quantiles = each_number(field, rows, &Vec::new(), |numbers| {
            numbers.sort_unstable_by(f64::total_cmp);
            let kept = if constant(numbers) { 1 } else { numbers.len().min(self.quantiles) };
            let last = kept.max(1) - 1;
            let share = |k: usize| k as f64 / last.max(1) as f64;
            let mut highest = f64::NEG_INFINITY; // rounding must not make a quantile smaller than one before
            Ok((0..=last)
                .map(|k| {
                    highest = quantile(numbers, share(k)).max(highest);
                    highest
                })
                .collect())
        })?;
        Ok(QuantileMapped { distribution: self.distribution, quantiles }.into())
    }
}

/// What [`QuantileTransform`] learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuantileMapped {
    /// The distribution that numbers get.
    pub distribution: Distribution,
    /// The quantiles of each feature at equal distances, in ascending order; none of a category.
    pub quantiles: Vec<Vec<f64>>,
}

impl Checked for QuantileMapped {
    fn check(&self) -> Result<(), SettingError> {
        for (feature, quantiles) in self.quantiles.iter().enumerate() {
            let setting = format!("quantiles[{feature}]");
            finite(&setting, quantiles)?;
            let mut pairs = quantiles.iter().zip(quantiles.iter().skip(1));
            if let Some((a, b)) = pairs.find(|(a, b)| a > b) {
                let expected = format!("ascending numbers, at least {a:?} after it");
                return Err(SettingError::new(setting, expected, format!("{b:?}")));
            }
        }
        Ok(())
    }
}

impl QuantileMapped {
    /// y of a number of a feature with these quantiles.
    fn forward(&self, quantiles: &[f64], x: f64) -> f64 {
        let (Some(&first), Some(&last)) = (quantiles.first(), quantiles.last()) else { return x };
        if x.is_nan() || first == last {
            return if x.is_nan() { x } else { 0.0 };
        }
        let share = match x {
            x if x <= first => 0.0,
            x if x >= last => 1.0,
            x => rank(quantiles, x) / (quantiles.len() - 1) as f64,
        };
        match self.distribution {
            Distribution::Uniform => share,
            Distribution::Normal => normal_quantile(share.clamp(TAIL, 1.0 - TAIL)),
        }
    }

    /// x of a number that a feature with these quantiles has become.
    fn backward(&self, quantiles: &[f64], y: f64) -> f64 {
        let (Some(&first), Some(&last)) = (quantiles.first(), quantiles.last()) else { return y };
        let share = match self.distribution {
            Distribution::Uniform => y,
            Distribution::Normal => normal_cdf_scalar(y),
        };
        // What was cut off at the ends is at the ends.
        let end = if self.distribution == Distribution::Normal { 1.000_001 * TAIL } else { 0.0 };
        match share {
            share if share.is_nan() => share,
            share if share <= end => first,
            share if share >= 1.0 - end => last,
            share => quantile(quantiles, share),
        }
    }
}

/// The place of a number among ascending quantiles, between the first and the last: the middle of those that
/// equal it, or a place between two of them.
fn rank(quantiles: &[f64], x: f64) -> f64 {
    let below = quantiles.partition_point(|&q| q < x);
    let above = quantiles.partition_point(|&q| q <= x);
    if below < above {
        return (below + above - 1) as f64 / 2.0;
    }
    // x is not the first or less, so that there is one before it.
    let (a, b) = (quantiles[below - 1], quantiles[below]);
    let way = b - a;
    let share =
        if way.is_finite() { (x - a) / way } else { (x / 2.0 - a / 2.0) / (b / 2.0 - a / 2.0) };
    between((below - 1) as f64, below as f64, share)
}

#[typetag::serde(name = "quantile-mapped")]
impl Fitted for QuantileMapped {
    fn output(&self, input: &FieldSpec) -> Result<FieldSpec, ShapeError> {
        same_features(input, self.quantiles.len(), "features with known quantiles")
    }

    fn apply(&self, _: &FieldSpec, input: &[f64], output: &mut Vec<f64>) {
        output.extend(input.iter().zip(&self.quantiles).map(|(&x, q)| self.forward(q, x)));
    }

    fn invert(&self, _: &FieldSpec, output: &[f64], input: &mut Vec<f64>) -> bool {
        input.extend(output.iter().zip(&self.quantiles).map(|(&y, q)| self.backward(q, y)));
        true
    }
}
