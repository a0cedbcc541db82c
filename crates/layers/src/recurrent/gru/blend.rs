//! What both forms of `gru` do: their activations, and hₜ = (1 − z) ⊙ n + z ⊙ hₜ₋₁.

use super::super::{apply, column, differentiate};
use super::{GATES, Gru};
use std::ops::Range;
use tanren_plugin::{ActivationKernel, Precision};
use tanren_tensor::{Mat, Real, mat_mut, vectorized};

/// σ and φ.
pub(super) struct Activations<'a, T: Real> {
    units: usize,
    gate: &'a dyn ActivationKernel<T>,
    new: &'a dyn ActivationKernel<T>,
}

impl<'a, T: Precision> Activations<'a, T> {
    pub(super) fn of(gru: &'a Gru) -> Self {
        let gate = gru.gate_activation.kernels().at();
        Self { units: gru.units, gate, new: gru.activation.kernels().at() }
    }

    /// r and z, one above the other.
    pub(super) fn open(&self, gates: &mut [T]) {
        apply(self.gate, gates, self.units);
    }

    /// n.
    pub(super) fn renew(&self, n: &mut [T]) {
        apply(self.new, n, self.units);
    }

    /// Makes gradients of r and z, one above the other, those of what they were made from.
    pub(super) fn open_backward(&self, inputs: &[T], gates: &[T], d: &mut [T]) {
        differentiate(self.gate, (inputs, gates), d, self.units);
    }

    /// The same for n.
    pub(super) fn renew_backward(&self, inputs: &[T], n: &[T], d: &mut [T]) {
        differentiate(self.new, (inputs, n), d, self.units);
    }
}

/// h = n + z ⊙ (h before − n).
pub(super) fn blend<T: Real>(z: &[T], n: &[T], before: &[T], h: &mut [T]) {
    let all = h.iter_mut().zip(z).zip(n).zip(before);
    vectorized(
        #[inline(always)]
        move || all.for_each(|(((h, &z), &n), &before)| *h = z.mul_add(before - n, n)),
    );
}

/// ∂z = ∂h ⊙ (h before − n), ∂n = ∂h ⊙ (1 − z), and ∂h ← ∂h ⊙ z, that of the state before.
pub(super) fn blend_backward<T: Real>([z, n, before]: [&[T]; 3], [dz, dn, dh]: [&mut [T]; 3]) {
    let all = dz.iter_mut().zip(dn).zip(dh).zip(z).zip(n).zip(before);
    vectorized(
        #[inline(always)]
        move || {
            for (((((dz, dn), dh), &z), &n), &before) in all {
                (*dz, *dn, *dh) = (*dh * (before - n), *dh * (T::ONE - z), *dh * z);
            }
        },
    );
}

/// x ← a ⊙ b.
pub(super) fn product<T: Real>(x: &mut [T], a: &[T], b: &[T]) {
    vectorized(
        #[inline(always)]
        move || x.iter_mut().zip(a).zip(b).for_each(|((x, &a), &b)| *x = a * b),
    );
}

/// The state before the first step: what a carry says, or 0.
pub(super) fn begin<T: Real>(state: &mut [T], units: usize, start: Option<Mat<'_, T>>) {
    match start {
        Some(start) => mat_mut(state, units, start.ncols()).copy_from(&start),
        None => state.fill(T::ZERO),
    }
}

impl Gru {
    /// Where column n of the gates is, and of their inputs, if they are kept.
    pub(super) fn places(&self, n: usize) -> [Range<usize>; 2] {
        let gates = column(n, GATES * self.units);
        let inputs = if self.keeps_inputs() { gates.clone() } else { 0..0 };
        [gates, inputs]
    }
}

/// Of a column of the gates, r and z, and n; two empty parts of nothing.
pub(super) fn parts<T>(column: &[T]) -> (&[T], &[T]) {
    column.split_at(column.len() / GATES * 2)
}

/// The same, to be written.
pub(super) fn parts_mut<T>(column: &mut [T]) -> (&mut [T], &mut [T]) {
    column.split_at_mut(column.len() / GATES * 2)
}
