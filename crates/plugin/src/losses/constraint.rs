//! `Constraint`: where parameters are allowed to be.

use crate::{Block, BlockKind, Checked, Family, Kernels};
use tanren_tensor::Real;

/// A set the parameters must stay in; after every step they are projected back into it.
#[typetag::serde(tag = "type")]
pub trait Constraint: Checked {
    /// The kinds of blocks that are constrained where a recipe names none: weights, not biases.
    fn kinds(&self) -> &[BlockKind] {
        BlockKind::WEIGHTS
    }

    /// Always `ConstraintKernels::of(self)`.
    fn kernels(&self) -> ConstraintKernels<'_>;
}

/// What a [`Constraint`] computes, in both precisions.
pub type ConstraintKernels<'a> = Kernels<'a, dyn Constraint>;

impl Family for dyn Constraint {
    type Kernel<T: Real> = dyn ConstraintKernel<T>;
}

impl<'a> ConstraintKernels<'a> {
    /// Both kernels of one plugin.
    pub fn of<K: ConstraintKernel<f32> + ConstraintKernel<f64> + 'static>(kernel: &'a K) -> Self {
        Self::new(kernel, kernel)
    }
}

/// What a [`Constraint`] computes, in precision `T`.
pub trait ConstraintKernel<T: Real>: Send + Sync {
    /// Moves one block, whose numbers lie column by column, to the nearest allowed point, or, where a
    /// setting says so, a part of the way there.
    fn project(&self, block: &Block, parameters: &mut [T]);
}
