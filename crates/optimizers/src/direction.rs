//! Directions: where to go from a point and its gradient.

mod beta;
mod conjugate_gradient;
mod l_bfgs;
mod pairs;
mod steepest;

pub use beta::Beta;
pub use conjugate_gradient::ConjugateGradient;
pub use l_bfgs::Lbfgs;
pub use steepest::Steepest;

use tanren_plugin::Heading;
use tanren_tensor::{Real, Write, add_scaled, dot};

/// d ← −g.
fn descend<T: Real>(gradient: &[T], direction: &mut [T]) {
    add_scaled(Write::Overwrite, -T::ONE, gradient, direction);
}

/// Whether dᵀg is below 0, as it is not either where something is not a number.
fn descends<T: Real>(direction: &[T], gradient: &[T]) -> bool {
    dot(direction, gradient) < 0.0
}

/// What is said of a direction that has become the negative gradient.
const fn anew(again: bool) -> Heading {
    if again { Heading::restarted() } else { Heading::unscaled() }
}

#[cfg(test)]
mod tests;
