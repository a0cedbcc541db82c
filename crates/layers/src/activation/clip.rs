//! Numbers kept between two bounds, for activations made of lines.

use tanren_tensor::Real;

/// `min(max(x, low), high)`; NaN stays NaN.
#[inline(always)]
pub(super) fn clip<T: Real>(x: T, low: T, high: T) -> T {
    let x = if x < low { low } else { x };
    if x > high { high } else { x }
}
