//! Dropout of a recurrent state: products with U see hₜ₋₁ ⊙ m in place of hₜ₋₁.
//!
//! m is 1 / keep or 0, a number for each unit and example that is the same at all steps, in training; in
//! inference the state is seen as it is. ∂hₜ₋₁ gets m ⊙ (Uᵀ ∂zₜ), and ∂U = Σ ∂zₜ (hₜ₋₁ ⊙ m)ᵀ. Source: Gal,
//! Ghahramani (2016), *A theoretically grounded application of dropout in recurrent neural networks*.

use super::{add_product, delayed_outer};
use crate::random::by_example;
use crate::share::Rate;
use tanren_plugin::{Backward, Forward, Memory, Mode, Pass, Scheduled};
use tanren_tensor::{Extent, Mat, MatMut, Real, Signal, Write, combine, mat, mat_mut, transposed};

/// The masks of a batch, and the states of all steps as products see them; empty where nothing is dropped.
pub(super) struct StateDropout<'a, T> {
    units: usize,
    /// m of each example.
    masks: &'a mut [T],
    /// hₜ₋₁ ⊙ m of each step.
    seen: &'a mut [T],
    /// Uᵀ ∂zₜ.
    product: &'a mut [T],
}

/// Numbers in the masks, and in the states of all steps.
fn sizes(drop: &Scheduled, units: usize, extent: Extent) -> (usize, usize) {
    let size = if drop.is_zero() { 0 } else { units * extent.examples };
    (size, size * extent.steps)
}

/// What a layer needs, with the `own` memory that it needs in any case.
pub(super) fn memory(own: Memory, drop: &Scheduled, units: usize, extent: Extent) -> Memory {
    let (masks, seen) = sizes(drop, units, extent);
    Memory { tape: own.tape + masks + seen, scratch: own.scratch + masks }
}

impl<'a, T: Real> StateDropout<'a, T> {
    /// Draws the masks.
    pub(super) fn forward(drop: &Scheduled, units: usize, pass: &mut Forward<'a, T>) -> Self {
        let (masks, seen) = sizes(drop, units, pass.pass.extent);
        let (masks, seen) = (pass.take_tape(masks), pass.take_tape(seen));
        let dropout = Self { units, masks, seen, product: &mut [] }.in_training(pass.pass.mode);
        dropout.masks.fill(T::ONE);
        let rate = Rate::dropping(drop.at(pass.pass.clock));
        by_example(pass.pass, units, dropout.masks, |draws, mask| rate.apply(draws, mask));
        let first = dropout.masks.len().min(dropout.seen.len());
        dropout.seen[..first].fill(T::ZERO); // the state before the first step, unless there is another
        dropout
    }

    /// Takes the masks from the tape.
    pub(super) fn backward(drop: &Scheduled, units: usize, pass: &mut Backward<'a, T>) -> Self {
        let (masks, seen) = sizes(drop, units, pass.pass.extent);
        let product = pass.take_scratch(masks);
        let (masks, seen) = (pass.take_tape(masks), pass.take_tape(seen));
        Self { units, masks, seen, product }.in_training(pass.pass.mode)
    }

    fn in_training(self, mode: Mode) -> Self {
        match mode {
            Mode::Training => self,
            Mode::Inference => Self { masks: &mut [], seen: &mut [], product: &mut [], ..self },
        }
    }

    /// Whether the state is seen as it is.
    const fn is_off(&self) -> bool {
        self.masks.is_empty()
    }

    /// The state `before` step `t` as products see it.
    pub(super) fn see<'s>(&'s mut self, t: usize, before: Mat<'s, T>) -> Mat<'s, T> {
        if self.is_off() {
            return before;
        }
        let (size, shape) = (self.masks.len(), before.shape());
        let seen = &mut self.seen[t * size..(t + 1) * size];
        mat_mut(seen, shape.0, shape.1).copy_from(&before);
        combine(seen, self.masks, |h, m| h * m);
        mat(seen, shape.0, shape.1)
    }

    /// x ← x ⊙ m, for the units of example `n`.
    pub(super) fn mask(&self, n: usize, x: &mut [T]) {
        if !self.is_off() {
            combine(x, &self.masks[n * self.units..][..self.units], |x, m| x * m);
        }
    }

    /// ∂h += m ⊙ (Uᵀ ∂z).
    pub(super) fn add_gradient(
        &mut self,
        pass: &Pass<'_, T>,
        (u, dz): (Mat<'_, T>, Mat<'_, T>),
        dh: &mut [T],
    ) {
        let columns = dz.ncols();
        if self.is_off() {
            return pass.product(Write::Add, transposed(u), dz, mat_mut(dh, self.units, columns));
        }
        let product = mat_mut(self.product, self.units, columns);
        pass.product(Write::Overwrite, transposed(u), dz, product);
        add_product(dh, self.product, self.masks);
    }

    /// ∂U, from ∂Z of all steps; where nothing is dropped, from the outputs h of all steps and the state
    /// before the first, if that was not 0.
    pub(super) fn weight_gradient(
        &self,
        pass: &Pass<'_, T>,
        write: Write,
        dz: Mat<'_, T>,
        states: (Signal<'_, T>, Option<Mat<'_, T>>),
        du: MatMut<'_, T>,
    ) {
        match self.is_off() {
            true => delayed_outer(pass, write, dz, states, du),
            false => pass.outer(write, dz, Signal::new(self.seen, self.units).matrix(), du),
        }
    }
}
