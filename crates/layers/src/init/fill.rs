//! What several schemes share: the numbers they fill a block with.

use tanren_tensor::Draws;

/// Normal numbers of mean 0.
pub(super) fn normal(variance: f64, draws: &mut Draws, values: &mut [f64]) {
    let deviation = variance.sqrt();
    values.fill_with(|| deviation * draws.normal());
}

/// Numbers uniform in [−a, a), whose variance is a²/3.
pub(super) fn uniform(variance: f64, draws: &mut Draws, values: &mut [f64]) {
    let a = (3.0 * variance).sqrt();
    values.fill_with(|| a * (2.0 * draws.uniform() - 1.0));
}

/// A normal number of mean 0 and deviation 1, drawn again until it lies within ±`bound`.
pub(super) fn truncated(bound: f64, draws: &mut Draws) -> f64 {
    loop {
        let x = draws.normal();
        if x.abs() <= bound {
            return x;
        }
    }
}
