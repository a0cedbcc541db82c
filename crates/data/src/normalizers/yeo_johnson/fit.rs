//! The power of a feature by maximum likelihood, with its mean and deviation.

use super::power::Power;
use crate::normalizers::fitted::{constant, scaled};
use crate::normalizers::minimum::minimum;

/// What is fitted to a feature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Feature {
    pub(super) power: Power,
    pub(super) mean: f64,
    pub(super) std: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Default for Feature {
    /// What changes nothing.
    fn default() -> Self {
        let power = Power { lambda: 1.0, pivot: 0.0 };
        Self { power, mean: 0.0, std: 1.0, low: 0.0, high: 0.0 }
    }
}

impl Feature {
    /// x of a y.
    pub(super) fn back(&self, y: f64) -> f64 {
        let x = self.power.back(y * self.std + self.mean);
        let width = self.high - self.low;
        match self.power.lambda {
            lambda if lambda < 0.0 && x > self.high + width => self.high + width,
            lambda if lambda > 2.0 && x < self.low - width => self.low - width,
            _ => x,
        }
    }
}

/// The largest exponent that a power may have among the training numbers, for either sign: below the
/// logarithm of the largest number.
const EXPONENT: f64 = 690.0;

/// From this exponent on, all numbers are so far from 0 that ψ is taken from a pivot among them.
const FAR: f64 = 2.0;

/// Fits a feature to its numbers.
pub(super) fn feature(numbers: &mut [f64], standardize: bool) -> Result<Feature, String> {
    numbers.sort_unstable_by(f64::total_cmp);
    let (Some(&low), Some(&high)) = (numbers.first(), numbers.last()) else {
        return Ok(Feature { std: if standardize { 0.0 } else { 1.0 }, ..Feature::default() });
    };
    let mut values = Vec::with_capacity(numbers.len());
    let lambda = if constant(numbers) { 1.0 } else { best(numbers, &mut values) };
    let mut power = Power { lambda, pivot: 0.0 };
    if standardize && lambda != 1.0 && (nearest(low, high) * exponent(lambda, low)).abs() > FAR {
        power.pivot = nearest(low, high);
    }
    values.clear();
    values.extend(numbers.iter().map(|&x| power.value(x)));
    if let Some(value) = values.iter().find(|value| !value.is_finite()) {
        return Err(format!(
            "expected numbers whose power {lambda} is finite, found numbers from {low:e} to {high:e}, which \
             become {value}"
        ));
    }
    let unchanged = Feature { power, mean: 0.0, std: 1.0, low, high };
    if !standardize {
        return Ok(unchanged);
    }
    let (mean, deviation) = moments(&mut values);
    let std = if constant(numbers) { 0.0 } else { deviation };
    match scaled(power.value(high), mean, std).is_finite() {
        true => Ok(Feature { mean, std, ..unchanged }),
        false => Err(format!("expected a finite range, found one from {low:e} to {high:e}")),
    }
}

/// The number of one sign that is nearest to 0, as sign x ln (1 + |x|); 0 where there are two signs.
fn nearest(low: f64, high: f64) -> f64 {
    match (low, high) {
        (low, _) if low > 0.0 => low.ln_1p(),
        (_, high) if high < 0.0 => -(-high).ln_1p(),
        _ => 0.0,
    }
}

/// The power of numbers of the sign of `x`.
fn exponent(lambda: f64, x: f64) -> f64 {
    if x >= 0.0 { lambda } else { 2.0 - lambda }
}

/// λ of the largest likelihood.
fn best(ascending: &[f64], values: &mut Vec<f64>) -> f64 {
    let (low, high) = (ascending[0], ascending[ascending.len() - 1]);
    let sum: f64 = ascending.iter().map(|x| x.abs().ln_1p().copysign(*x)).sum();
    let pivot = nearest(low, high);
    // How far the numbers of each sign reach, in exponents.
    let above = if high > 0.0 { high.ln_1p() - pivot.max(0.0) } else { 0.0 };
    let below = if low < 0.0 { (-low).ln_1p() - (-pivot).max(0.0) } else { 0.0 };
    let (most, least) = (EXPONENT / above, -EXPONENT / above);
    let (most, least) = (most.min(2.0 + EXPONENT / below), least.max(2.0 - EXPONENT / below));
    let tolerance = 1e-9 / above.max(below);
    let count = ascending.len() as f64;
    minimum((least.min(1.0), most.max(1.0)), tolerance, |lambda| {
        let power = Power { lambda, pivot };
        values.clear();
        values.extend(ascending.iter().map(|&x| power.value(x)));
        let (_, std) = moments(values);
        // ψ is the value times this, whose logarithm is known.
        let scale = exponent(lambda, pivot) * pivot.abs();
        let likelihood = -count * (std.ln() + scale) + (lambda - 1.0) * sum;
        if likelihood.is_finite() { -likelihood } else { f64::INFINITY }
    })
}

/// Mean and standard deviation, where squares would overflow or vanish, too. The values are used up.
fn moments(values: &mut [f64]) -> (f64, f64) {
    let largest = values.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return (0.0, largest);
    }
    let count = values.len() as f64;
    values.iter_mut().for_each(|x| *x /= largest);
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
    (largest * mean, largest * variance.sqrt())
}

#[cfg(test)]
mod tests;
