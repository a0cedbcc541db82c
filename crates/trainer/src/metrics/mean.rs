//! Means with weights.

use tanren_plugin::Comparison;
use tanren_tensor::Welford;

/// The mean of values with weights; NaN without any weight.
pub(super) fn mean(values: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (sum, weight) = values.fold((0.0, 0.0), |(s, w), (x, weight)| (s + weight * x, w + weight));
    if weight > 0.0 { sum / weight } else { f64::NAN }
}

/// The weighted mean of `penalty(target, prediction)`; NaN when there is nothing to compare.
pub(super) fn over_numbers(comparison: &Comparison<'_>, penalty: impl Fn(f64, f64) -> f64) -> f64 {
    let mut all = Welford::default();
    for (target, prediction, weight) in comparison.numbers().into_iter().flatten() {
        for (t, p) in target.iter().zip(prediction) {
            all.add(penalty(*t, *p), weight);
        }
    }
    if all.weight > 0.0 { all.mean } else { f64::NAN }
}
