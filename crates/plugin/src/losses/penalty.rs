//! `Penalty`: a term of the objective that depends on the parameters alone.

use crate::{Block, BlockKind, Checked, Clock, Family, Kernels};
use tanren_tensor::Real;

/// A term added to the loss, never negative, and 0 where all parameters are 0. It belongs to the
/// objective, so its value and its gradient agree at every clock, which stands still while a search looks;
/// decay that is no term of the objective is an updater.
#[typetag::serde(tag = "type")]
pub trait Penalty: Checked {
    /// The kinds of blocks that are penalised where a recipe names none: weights, not biases.
    fn kinds(&self) -> &[BlockKind] {
        BlockKind::WEIGHTS
    }

    /// Whether it has a continuous derivative everywhere.
    fn smooth(&self) -> bool {
        true
    }

    /// Whether it depends on the clock.
    fn varies(&self) -> bool {
        false
    }

    /// Always `PenaltyKernels::of(self)`.
    fn kernels(&self) -> PenaltyKernels<'_>;
}

/// What a [`Penalty`] computes, in both precisions.
pub type PenaltyKernels<'a> = Kernels<'a, dyn Penalty>;

impl Family for dyn Penalty {
    type Kernel<T: Real> = dyn PenaltyKernel<T>;
}

impl<'a> PenaltyKernels<'a> {
    /// Both kernels of one plugin.
    pub fn of<K: PenaltyKernel<f32> + PenaltyKernel<f64> + 'static>(kernel: &'a K) -> Self {
        Self::new(kernel, kernel)
    }
}

/// What a [`Penalty`] computes, in precision `T`.
pub trait PenaltyKernel<T: Real>: Send + Sync {
    /// The value over one block at `clock`. Computed only when someone asks.
    fn value(&self, clock: Clock, block: &Block, parameters: &[T]) -> f64;

    /// Adds the gradient at `clock` over one block, or over any part of it.
    fn add_gradient(&self, clock: Clock, block: &Block, parameters: &[T], gradient: &mut [T]);
}
