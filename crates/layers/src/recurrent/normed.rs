//! Layer normalisation inside recurrent layers: γ ⊙ x̂ + β in place of a signal x, step by step.
//!
//! x̂ = (x − μ) / √(σ² + ε), over the features of a column, those of all gates together. The products W xₜ and
//! U hₜ₋₁ are normalised each by itself, with a γ of its own and without β, since the layer has a bias; an
//! LSTM's cell has both. Source: Ba, Kiros, Hinton (2016), *Layer normalization*, section 3.1 and the
//! supplement.

use super::{BIAS, add_product, column};
use crate::linear;
use crate::norm::column::{differentiate, standardize};
use std::ops::Range;
use tanren_plugin::{
    Backward, BlockKind, Constant, Forward, Grads, Memory, ParamSpec, Params, Pass,
};
use tanren_tensor::{Extent, Input, Mat, Real, SignalMut, Write, add_scaled, combine, mat_mut};

/// ε, as in PyTorch.
const EPSILON: f64 = 1e-5;

/// Where the scale and the shift of a signal are among the blocks, if it is normalised at all.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) gain: usize,
    pub(super) shift: Option<usize>,
    /// Features of the signal.
    pub(super) rows: usize,
}

/// The block of a scale, which is 1 at first.
pub(super) fn gain(name: &'static str, rows: usize) -> ParamSpec {
    ParamSpec::new(name, BlockKind::Gain, (rows, 1), Constant { value: 1.0 })
}

/// What a layer needs with its `own` memory, for these signals of a batch.
pub(super) fn memory<const N: usize>(
    own: Memory,
    signals: [Option<Place>; N],
    extent: Extent,
) -> Memory {
    let columns = extent.examples * extent.steps;
    signals.into_iter().flatten().fold(own, |Memory { tape, scratch }, place| {
        let gradients = place.rows * extent.examples * (1 + usize::from(place.shift.is_some()));
        Memory {
            tape: tape + (place.rows + 1) * columns,
            scratch: scratch + gradients + place.rows,
        }
    })
}

/// The scale and the shift of a signal.
#[derive(Clone, Copy)]
pub(super) struct Norm<'a, T> {
    gain: &'a [T],
    shift: &'a [T],
}

impl<T: Real> Norm<'_, T> {
    /// x ← γ ⊙ x̂ + β for a column, of which x̂ and 1 / √(σ² + ε) are kept.
    pub(super) fn forward(self, x: &mut [T], hat: &mut [T], inverse: &mut [T]) {
        inverse[0] = standardize(x, EPSILON);
        hat.copy_from_slice(x);
        self.scale(x);
    }

    /// The same column once more, in some room.
    pub(super) fn output<'r>(self, hat: &[T], room: &'r mut [T]) -> &'r [T] {
        room.copy_from_slice(hat);
        self.scale(room);
        room
    }

    fn scale(self, x: &mut [T]) {
        combine(x, self.gain, |x, gain| gain * x);
        if !self.shift.is_empty() {
            add_scaled(Write::Add, T::ONE, self.shift, x);
        }
    }

    /// Puts ∂x in the place of x̂, and adds to ∂γ and ∂β, if there is one.
    pub(super) fn backward(
        self,
        dy: &[T],
        (hat, inverse): (&mut [T], T),
        [dgain, dshift]: [&mut [T]; 2],
        room: &mut [T],
    ) {
        add_product(dgain, dy, hat);
        if !dshift.is_empty() {
            add_scaled(Write::Add, T::ONE, dy, dshift);
        }
        room.copy_from_slice(dy);
        combine(room, self.gain, |dy, gain| gain * dy);
        differentiate(room, hat);
        add_scaled(Write::Overwrite, inverse, room, hat);
    }
}

/// The normalisation of a signal over a batch; without a place, nothing happens to it, and all slices are empty.
pub(super) struct Normed<'a, T> {
    place: Option<Place>,
    norm: Norm<'a, T>,
    /// x̂ of all columns; on the way back ∂x takes its place.
    hats: &'a mut [T],
    /// 1 / √(σ² + ε) of all columns.
    inverse: &'a mut [T],
    /// ∂γ and ∂β of each example.
    dgain: &'a mut [T],
    dshift: &'a mut [T],
    room: &'a mut [T],
}

/// Of a normalised signal, some columns of a step on the way back.
pub(super) struct Columns<'s, T> {
    pub(super) hats: &'s mut [T],
    pub(super) inverse: &'s [T],
    pub(super) dgain: &'s mut [T],
    pub(super) dshift: &'s mut [T],
}

impl<'a, T: Real> Normed<'a, T> {
    /// For the way forward.
    pub(super) fn forward(place: Option<Place>, pass: &mut Forward<'a, T>) -> Self {
        let Some(at) = place else { return Self::nothing() };
        let columns = pass.pass.extent.examples * pass.pass.extent.steps;
        let (hats, inverse) = (pass.take_tape(at.rows * columns), pass.take_tape(columns));
        // A state before the first step need not be there.
        hats[..at.rows * pass.pass.extent.examples].fill(T::ZERO);
        inverse[..pass.pass.extent.examples].fill(T::ZERO);
        Self { place, norm: at.norm(pass.params), hats, inverse, ..Self::nothing() }
    }

    /// For the way back.
    pub(super) fn backward(place: Option<Place>, pass: &mut Backward<'a, T>) -> Self {
        let Some(at) = place else { return Self::nothing() };
        let Extent { examples, steps } = pass.pass.extent;
        let columns = examples * steps;
        let (hats, inverse) = (pass.take_tape(at.rows * columns), pass.take_tape(columns));
        let dgain = pass.take_scratch(at.rows * examples);
        let dshift = pass.take_scratch(if at.shift.is_some() { at.rows * examples } else { 0 });
        dgain.fill(T::ZERO);
        dshift.fill(T::ZERO);
        let room = pass.take_scratch(at.rows);
        Self { place, norm: at.norm(pass.params), hats, inverse, dgain, dshift, room }
    }

    fn nothing() -> Self {
        Self {
            place: None,
            norm: Norm { gain: &[], shift: &[] },
            hats: &mut [],
            inverse: &mut [],
            dgain: &mut [],
            dshift: &mut [],
            room: &mut [],
        }
    }

    /// The scale and the shift, if the signal is normalised.
    pub(super) fn norm(&self) -> Option<Norm<'a, T>> {
        self.place.map(|_| self.norm)
    }

    /// x̂ and 1 / √(σ² + ε) of some columns.
    pub(super) fn columns(&mut self, columns: Range<usize>) -> [&mut [T]; 2] {
        let Some(Place { rows, .. }) = self.place else { return [&mut [], &mut []] };
        let hats = &mut self.hats[rows * columns.start..rows * columns.end];
        [hats, &mut self.inverse[columns]]
    }

    /// The same on the way back, of columns of all examples, with the gradients of each.
    pub(super) fn columns_back(&mut self, columns: Range<usize>) -> Columns<'_, T> {
        let rows = self.place.map_or(0, |place| place.rows);
        let inverse = if rows == 0 { 0..0 } else { columns.clone() };
        Columns {
            hats: &mut self.hats[rows * columns.start..rows * columns.end],
            inverse: &self.inverse[inverse],
            dgain: self.dgain,
            dshift: self.dshift,
        }
    }

    /// x ← γ ⊙ x̂ + β, for columns from `first` on.
    pub(super) fn apply(&mut self, first: usize, x: &mut [T]) {
        let Some(Place { rows, .. }) = self.place else { return };
        for (n, x) in (first..).zip(x.chunks_exact_mut(rows)) {
            self.norm.forward(x, &mut self.hats[column(n, rows)], &mut self.inverse[n..=n]);
        }
    }

    /// Forms ∂x of columns from `first` on, whose gradients are `dy`, for [`seen`](Self::seen).
    pub(super) fn differentiate(&mut self, first: usize, dy: &[T]) {
        let Some(Place { rows, .. }) = self.place else { return };
        let examples = self.dgain.len() / rows;
        for (n, dy) in (first..).zip(dy.chunks_exact(rows)) {
            let hat = (&mut self.hats[column(n, rows)], self.inverse[n]);
            let own = column(n % examples, rows);
            let dshift = if self.dshift.is_empty() { 0..0 } else { own.clone() };
            let gradients = [&mut self.dgain[own], &mut self.dshift[dshift]];
            self.norm.backward(dy, hat, gradients, self.room);
        }
    }

    /// ∂x of columns from `first` on; that is `dy` itself where nothing was done to x.
    pub(super) fn seen<'s>(&'s self, first: usize, dy: &'s [T]) -> &'s [T] {
        match self.place {
            Some(Place { rows, .. }) => &self.hats[first * rows..][..dy.len()],
            None => dy,
        }
    }

    /// Writes ∂γ and ∂β.
    pub(super) fn gradients(&self, grads: &mut Grads<'_, T>) {
        let Some(Place { gain, shift, rows }) = self.place else { return };
        for (block, values) in [(Some(gain), &*self.dgain), (shift, &*self.dshift)] {
            let Some((write, gradient)) = block.and_then(|block| grads.slice(block)) else {
                continue;
            };
            if write == Write::Overwrite {
                gradient.fill(T::ZERO);
            }
            values.chunks_exact(rows).for_each(|own| add_scaled(Write::Add, T::ONE, own, gradient));
        }
    }

    /// Z = W X + b, with W X normalised: block 0 is W.
    pub(super) fn project(
        &mut self,
        params: Params<'_, T>,
        input: Input<'_, T>,
        z: &mut SignalMut<'_, T>,
    ) {
        if self.place.is_none() {
            return linear::project(params, Some(BIAS), input, z);
        }
        linear::project(params, None, input, z);
        self.apply(0, z.data());
        for z in z.iter_mut() {
            add_scaled(Write::Add, T::ONE, params.slice(BIAS), z);
        }
    }

    /// z += U h, with U h normalised in `room`: columns from `first` on.
    pub(super) fn add_product(
        &mut self,
        pass: &Pass<'_, T>,
        (u, h): (Mat<'_, T>, Mat<'_, T>),
        (first, z): (usize, &mut [T]),
        room: &mut [T],
    ) {
        let (rows, columns) = (u.nrows(), h.ncols());
        if self.place.is_none() {
            return pass.product(Write::Add, u, h, mat_mut(z, rows, columns));
        }
        pass.product(Write::Overwrite, u, h, mat_mut(room, rows, columns));
        self.apply(first, room);
        add_scaled(Write::Add, T::ONE, room, z);
    }
}

impl Place {
    fn norm<T: Real>(self, params: Params<'_, T>) -> Norm<'_, T> {
        let shift = self.shift.map_or(&[][..], |block| params.slice(block));
        Norm { gain: params.slice(self.gain), shift }
    }
}
