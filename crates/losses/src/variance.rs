//! Variances that cannot vanish, which losses with a density share.

use tanren_tensor::{sigmoid_scalar, softplus_scalar};

/// ln 2π.
pub(crate) const LN_TAU: f64 = 1.837_877_066_409_345_6;

/// ln v and d ln v / ds of v = eˢ + ε, where ε is the floor. Neither overflows.
pub(crate) fn log_variance(s: f64, ln_floor: f64) -> (f64, f64) {
    let over = s - ln_floor;
    (ln_floor + softplus_scalar(over), sigmoid_scalar(over))
}
