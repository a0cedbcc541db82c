//! `Constraint`: where parameters are allowed to be.

use crate::{Block, BlockKind, Checked, ConstraintKernels};
use tanren_tensor::{MatMut, Real};

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

/// What a [`Constraint`] computes, in precision `T`.
pub trait ConstraintKernel<T: Real>: Send + Sync {
    /// Moves one block to the nearest allowed point.
    fn project(&self, block: &Block, parameters: MatMut<'_, T>);
}
