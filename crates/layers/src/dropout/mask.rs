//! What layers that multiply each number by a random factor share.

use super::super::accept;
use tanren_plugin::{Backward, Forward, Mode};
use tanren_tensor::{Draws, Extent, Real, Shape, ShapeError, Write, add_scaled, combine};

/// The output of a layer that works number by number.
pub(super) fn output(inputs: &[Shape]) -> Result<Shape, ShapeError> {
    accept::numbers(accept::single(inputs)?)
}

/// A factor for each number.
pub(super) fn memory(inputs: &[Shape], extent: Extent) -> tanren_plugin::Memory {
    tanren_plugin::Memory { tape: extent.len(inputs[0]), scratch: 0 }
}

/// `Y = X ⊙ F` in training, with factors that `fill` makes of ones and that stay on the tape; `Y = X`
/// in inference.
pub(super) fn multiply<T: Real>(
    mut pass: Forward<'_, T>,
    fill: impl Fn(&mut Draws, &mut [T]) + Sync,
) {
    let x = pass.inputs[0].dense().data();
    pass.output.data().copy_from_slice(x);
    if pass.pass.mode == Mode::Training {
        pass.tape.fill(T::ONE);
        crate::random::by_column(pass.pass, pass.tape, fill);
        combine(pass.output.data(), pass.tape, |x, factor| x * factor);
    }
}

/// `∂X = ∂Y ⊙ F` in training; `∂X = ∂Y` in inference.
pub(super) fn multiply_back<T: Real>(mut pass: Backward<'_, T>) {
    if pass.pass.mode == Mode::Training {
        combine(pass.upstream.data(), pass.tape, |dy, factor| dy * factor);
    }
    hand_on(pass);
}

/// `∂X = ∂Y`.
pub(super) fn hand_on<T: Real>(mut pass: Backward<'_, T>) {
    if let Some((write, mut dx)) = pass.downstream.get(0) {
        match write {
            Write::Overwrite => dx.data().copy_from_slice(pass.upstream.data()),
            Write::Add => add_scaled(write, T::ONE, pass.upstream.data(), dx.data()),
        }
    }
}
