//! Functions of one number that several losses share.

use tanren_tensor::Real;

/// −1, 0 or 1; NaN of NaN.
#[inline(always)]
pub(crate) fn sign<T: Real>(x: T) -> T {
    let size = if x < T::ZERO { -T::ONE } else { x };
    if x > T::ZERO { T::ONE } else { size }
}

/// `min(max(x, low), high)`; NaN stays NaN.
#[inline(always)]
pub(crate) fn clip<T: Real>(x: T, low: T, high: T) -> T {
    let x = if x < low { low } else { x };
    if x > high { high } else { x }
}

/// The larger of both, NaN if `x` is NaN.
#[inline(always)]
pub(crate) fn at_least<T: Real>(x: T, least: T) -> T {
    if x < least { least } else { x }
}
