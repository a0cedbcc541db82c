//! `sign_times`: the derivative of λ |θ|.

use tanren_tensor::Real;

/// λ sign(θ), and 0 at 0. Without a branch, so that loops stay vectors.
#[inline(always)]
pub(super) fn sign_times<T: Real>(lambda: T, theta: T) -> T {
    let up = if theta > T::ZERO { lambda } else { T::ZERO };
    let down = if theta < T::ZERO { lambda } else { T::ZERO };
    up - down
}
