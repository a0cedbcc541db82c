//! Layers that work along the steps of a sequence, each within its own length.

mod causal_convolution;
mod last_step;
mod repeat;
mod reverse;
mod time_pooling;

pub use causal_convolution::CausalConvolution;
pub use last_step::LastStep;
pub use repeat::Repeat;
pub use reverse::Reverse;
pub use time_pooling::{Pooling, TimePooling};

use crate::accept;
use tanren_plugin::Pass;
use tanren_tensor::{Extent, Real, Shape, ShapeError, SignalMut};

/// The only input: a sequence of numbers.
pub(crate) fn sequence(inputs: &[Shape]) -> Result<Shape, ShapeError> {
    let input = accept::numbers(accept::single(inputs)?)?;
    match input.sequence {
        true => Ok(input),
        false => Err(ShapeError::new("a sequence", input)),
    }
}

/// Calls `each` with every column and the one it changes places with where each sequence is turned round
/// within its own length; padding stays where it is.
pub(crate) fn turned<T: Real>(pass: &Pass<'_, T>, mut each: impl FnMut(usize, usize)) {
    let Extent { examples, steps } = pass.extent;
    for n in 0..examples {
        let length = pass.length(n);
        for t in 0..steps {
            let other = if t < length { length - 1 - t } else { t };
            each(t * examples + n, other * examples + n);
        }
    }
}

/// Makes columns 0 whose sequences have ended.
fn clear<T: Real>(pass: &Pass<'_, T>, signal: &mut SignalMut<'_, T>) {
    let Some(mask) = pass.weights.mask else { return };
    for (column, _) in signal.iter_mut().zip(mask).filter(|(_, goes_on)| **goes_on == T::ZERO) {
        column.fill(T::ZERO);
    }
}
