//! `muon`: M ← μM + (1 − μ)P;  P ← √max(1, rows/columns) · NS(μM + (1 − μ)P), for matrices.
//!
//! P step, M its moving average (0 at the start); without `nesterov`, NS(M). NS makes the singular values
//! of a matrix nearly 1: from X/(‖X‖ + ε) on, X ← aX + (bA + cA²)X with A = XXᵀ, some times. Sources:
//! Jordan and others (2024), *Muon: an optimizer for hidden layers in neural networks*; the average
//! instead of a sum, to which NS is blind, and its corrections as in PyTorch.
//!
//! It is for weights: biases and gains pass it as they are, unless another updater takes them, as in
//! `updaters = ["muon", { type = "adam", on = { kinds = ["bias", "gain"] } }]`. The paper gives the first
//! and the last layer to Adam, too.

use crate::moments::Average;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Block, BlockKind, Checked, Scheduled, Scope, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel,
    UpdaterKernels,
};
use tanren_tensor::{
    Real, Write, combine, gemm, map, mat, mat_mut, norm, transposed, transposed_mut, vectorized,
    with_scratch,
};

/// a, b and c, for the steepest slope at 0.
const COEFFICIENTS: [f64; 3] = [3.4445, -4.7750, 2.0315];

/// Momentum whose matrices are made orthogonal; usual rate: 0.02. Not for biases.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Muon {
    /// μ, decay of the average; a number or a schedule, in [0, 1).
    #[setting(from = 0, below = 1)]
    pub momentum: Scheduled,
    /// Whether the present step counts once more.
    pub nesterov: bool,
    /// How often X is made more nearly orthogonal.
    #[setting(from = 1)]
    pub ns_steps: u32,
    /// ε > 0, keeps the quotient finite.
    #[setting(above = 0)]
    pub epsilon: f64,
}

impl Default for Muon {
    /// The values of optax.
    fn default() -> Self {
        Self { momentum: 0.95.into(), nesterov: true, ns_steps: 5, epsilon: 1e-8 }
    }
}

#[typetag::serde(name = "muon")]
impl Updater for Muon {
    fn kinds(&self) -> &[BlockKind] {
        BlockKind::WEIGHTS
    }
    fn scope(&self) -> Scope {
        Scope::Block
    }
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec::zero("m")]
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl Muon {
    /// X ← NS(X).
    fn orthogonalize<T: Real>(&self, x: &mut [T], block: &Block) {
        let length = norm(x) + self.epsilon;
        map(x, |x| T::of(x.f64() / length));
        let (rows, cols) = (block.rows, block.cols);
        let (tall, side) = (rows > cols, rows.min(cols));
        let [a, b, c] = COEFFICIENTS.map(T::of);
        with_scratch(x.len() + 2 * side * side, |room| {
            let (before, squares) = room.split_at_mut(x.len());
            let (square, polynomial) = squares.split_at_mut(side * side);
            for _ in 0..self.ns_steps {
                before.copy_from_slice(x);
                map(x, |x| a * x);
                let wide = mat(before, rows, cols);
                let wide = if tall { transposed(wide) } else { wide };
                gemm(Write::Overwrite, wide, transposed(wide), mat_mut(square, side, side));
                let square = &*square;
                let matrix = mat(square, side, side);
                gemm(Write::Overwrite, matrix, matrix, mat_mut(polynomial, side, side));
                combine(polynomial, square, |p, s| c.mul_add(p, b * s));
                let next = mat_mut(x, rows, cols);
                let next = if tall { transposed_mut(next) } else { next };
                gemm(Write::Add, mat(polynomial, side, side), wide, next);
            }
        });
    }
}

impl<T: Real> UpdaterKernel<T> for Muon {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let Some(block) = at.block else { return };
        let [m] = slots.array();
        let (average, nesterov) = (Average::<T>::new(self.momentum.at(at.clock)), self.nesterov);
        vectorized(
            #[inline(always)]
            || {
                for (p, m) in step.iter_mut().zip(m) {
                    *m = average.with(*m, *p);
                    *p = if nesterov { average.with(*m, *p) } else { *m };
                }
            },
        );
        self.orthogonalize(step, block);
        let scale = T::of((block.rows as f64 / block.cols as f64).max(1.0).sqrt());
        map(step, |p| scale * p);
    }
}
