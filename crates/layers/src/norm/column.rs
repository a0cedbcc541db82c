//! What layer normalisation does to one column, wherever it is done.

use tanren_tensor::{Real, combine, dot, map, sum};

/// x ← x̂ = (x − μ) / √(σ² + ε), and returns 1 / √(σ² + ε); μ and σ² are mean and variance of the column.
pub(crate) fn standardize<T: Real>(x: &mut [T], epsilon: f64) -> T {
    let k = x.len() as f64;
    let mean = T::of(sum(x) / k);
    map(x, |x| x - mean);
    let inverse = T::of((dot(x, x) / k + epsilon).sqrt().recip());
    map(x, |x| inverse * x);
    inverse
}

/// g ← g − (Σ g + x̂ Σ g x̂) / k: times 1 / √(σ² + ε), this is ∂x where g is ∂x̂.
pub(crate) fn differentiate<T: Real>(g: &mut [T], hat: &[T]) {
    let k = hat.len() as f64;
    let (mean, along) = (T::of(sum(g) / k), T::of(dot(g, hat) / k));
    combine(g, hat, |g, hat| g - along.mul_add(hat, mean));
}
