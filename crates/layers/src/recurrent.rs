//! Layers that read sequences step by step: what they share.
//!
//! All of them form Z = W X + b of a whole segment in one product, add U hₜ₋₁ step by step, and leave
//! ∂Z of all steps behind, from which the gradients of W, U, b and X are one product each. Where a
//! sequence has ended, its state stays as it is. `recurrent-dropout` hides units of hₜ₋₁ from U;
//! `layer-norm` normalises both products.

mod bidirectional;
mod gru;
mod lanes;
mod lstm;
mod normed;
mod rnn;
mod state_dropout;

pub use bidirectional::{Bidirectional, Merge};
pub use gru::{Gru, Reset};
pub use lstm::Lstm;
pub use rnn::Rnn;

use crate::{accept, linear};
use std::ops::Range;
use tanren_plugin::{
    Activation, ActivationKernel, Backward, BlockKind, Checked, Fan, Grads, Init, ParamSpec,
    Params, Pass, Plugin, SettingError,
};
use tanren_tensor::{
    Extent, Mat, MatMut, Real, Shape, ShapeError, Signal, SignalMut, Write, dot, vectorized,
};

/// Places of the blocks that every recurrent layer has.
const RECURRENT: usize = 1;
const BIAS: usize = 2;

/// The shape of the output of a layer of so many units, of so many gates each: the input is one sequence, of
/// numbers or of indices.
fn output(
    layer: &impl Checked,
    inputs: &[Shape],
    units: usize,
    gates: usize,
) -> Result<Shape, ShapeError> {
    let input = accept::filled(accept::single(inputs)?)?;
    if !input.sequence {
        return Err(ShapeError::new("a sequence", input));
    }
    accept::settings(layer)?;
    let rows = units.checked_mul(gates);
    if rows.and_then(|rows| rows.checked_mul(input.features.max(units))).is_none() {
        let found = format!("{units} units on {} features", input.features);
        return Err(ShapeError::new("a number of weights that fits in memory", found));
    }
    Ok(input.with_features(units))
}

/// Refuses layer normalisation of a single feature, which is 0 whatever it was.
fn several(layer_norm: bool, units: usize) -> Result<(), SettingError> {
    match layer_norm && units == 1 {
        false => Ok(()),
        true => {
            let expected = "at least 2 with layer normalisation, of which a single unit would be 0";
            Err(SettingError::new("units", expected, units))
        }
    }
}

/// Refuses an activation that has parameters of its own.
fn plain(activation: &Plugin<dyn Activation>, units: usize) -> Result<(), ShapeError> {
    match activation.params(units).is_empty() {
        true => Ok(()),
        false => {
            Err(ShapeError::new("an activation without parameters", activation.typetag_name()))
        }
    }
}

/// The weights of the inputs and of the layer's own state, of `rows` rows for so many units. Fans are
/// those of one unit, however many gates it has.
fn weights(
    (rows, units): (usize, usize),
    input: Shape,
    [init, recurrent]: [Plugin<dyn Init>; 2],
) -> Vec<ParamSpec> {
    let weight = ParamSpec::weight("weight", (rows, input.features)).init(init);
    let own = ParamSpec::new("recurrent", BlockKind::Recurrent, (rows, units), recurrent);
    let fan = |inputs| Fan { inputs, outputs: units };
    vec![ParamSpec { fan: fan(input.features), ..weight }, ParamSpec { fan: fan(units), ..own }]
}

/// x ← f(x), column by column, for an activation without parameters.
fn apply<T: Real>(f: &dyn ActivationKernel<T>, x: &mut [T], units: usize) {
    f.forward(Params::new(&[], &[]), &mut SignalMut::new(x, units));
}

/// ∂ ← ∂ ⊙ f′(x), from y = f(x), and from x where f needs it; otherwise x is empty.
fn differentiate<T: Real>(
    f: &dyn ActivationKernel<T>,
    (x, y): (&[T], &[T]),
    d: &mut [T],
    units: usize,
) {
    let (x, y) = (Signal::new(x, units), Signal::new(y, units));
    let (params, grads) = (Params::new(&[], &[]), Grads::unwanted(&[]));
    f.backward(params, x, y, &mut SignalMut::new(d, units), grads);
}

/// Notes Σ x² of the gradient at a state, if that is wanted.
fn note<T: Real>(wanted: Option<&mut f64>, parts: &[&[T]]) {
    if let Some(squares) = wanted {
        *squares = parts.iter().map(|x| dot(x, x)).sum();
    }
}

/// x ← x + a ⊙ b.
fn add_product<T: Real>(x: &mut [T], a: &[T], b: &[T]) {
    vectorized(
        #[inline(always)]
        move || x.iter_mut().zip(a).zip(b).for_each(|((x, &a), &b)| *x = a.mul_add(b, *x)),
    );
}

/// Column n of columns of so many numbers.
const fn column(n: usize, width: usize) -> Range<usize> {
    n * width..(n + 1) * width
}

/// Column n of columns of so many numbers; nothing of nothing.
fn of<T>(columns: &[T], n: usize, width: usize) -> &[T] {
    if columns.is_empty() { columns } else { &columns[column(n, width)] }
}

/// The same, to be written.
fn of_mut<T>(columns: &mut [T], n: usize, width: usize) -> &mut [T] {
    if columns.is_empty() { columns } else { &mut columns[column(n, width)] }
}

/// Whether the sequence of example `n` has ended before step `t`.
fn ended<T: Real>(pass: &Pass<'_, T>, t: usize, n: usize) -> bool {
    pass.weights.mask.is_some_and(|mask| mask[t * pass.extent.examples + n] == T::ZERO)
}

/// h ← the state before, or 0 where there was none: that of example `n`, whose sequence has ended.
fn stay<T: Real>(h: &mut [T], before: Option<Mat<'_, T>>, n: usize) {
    h.iter_mut().enumerate().for_each(|(i, h)| *h = before.map_or(T::ZERO, |b| b[(i, n)]));
}

/// ∂W = ∂Y Xᵀ, ∂b = ∂Z 1 and ∂X = Wᵀ ∂Y of all steps at once, from the gradients of Z and of Y = W X, which is
/// that of Z unless Y is normalised; `own` forms ∂U.
fn gradients<T: Real>(
    pass: &mut Backward<'_, T>,
    [dz, dy]: [Signal<'_, T>; 2],
    own: impl FnOnce(&Pass<'_, T>, Write, MatMut<'_, T>),
) {
    linear::weight_gradient(pass.pass, &mut pass.grads, pass.inputs[0], dy);
    if let Some((write, du)) = pass.grads.matrix(RECURRENT) {
        own(pass.pass, write, du);
    }
    pass.grads.add_columns(BIAS, dz);
    if let Some((write, mut dx)) = pass.downstream.get(0) {
        pass.params.transposed_times(0, write, dy, &mut dx);
    }
}

/// ∂U = Σ ∂Zₜ (hₜ₋₁)ᵀ, from the outputs h of all steps and the state before the first, if that was not 0.
fn delayed_outer<T: Real>(
    pass: &Pass<'_, T>,
    write: Write,
    dz: Mat<'_, T>,
    (h, start): (Signal<'_, T>, Option<Mat<'_, T>>),
    mut du: MatMut<'_, T>,
) {
    let Extent { examples, steps } = pass.extent;
    let (h, later) = (h.matrix(), examples * steps.saturating_sub(1));
    let (after, before) = (dz.columns(examples, later), h.columns(0, later));
    pass.outer(write, after, before, du.as_view_mut());
    if let Some(start) = start {
        pass.outer(Write::Add, dz.columns(0, examples), start, du);
    }
}
