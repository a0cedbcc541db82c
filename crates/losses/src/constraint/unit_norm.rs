//! `unit-norm`: w ← w / ‖w‖.
//!
//! w what enters a unit, or a block; ‖w‖ its Euclidean norm. Of w = 0 every point of norm 1 is as near: it
//! gets equal numbers. Source: the constraint of this name in Keras, which leaves 0 where it is.

use super::norms::{Per, rescale};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Block, Checked, Constraint, ConstraintKernel, ConstraintKernels};
use tanren_tensor::Real;

/// Keeps the norm of the weights of a unit at 1.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct UnitNorm {
    /// `unit` for the norm of what enters a unit, `block` for that of a whole block.
    pub per: Per,
}

#[typetag::serde(name = "unit-norm")]
impl Constraint for UnitNorm {
    fn kernels(&self) -> ConstraintKernels<'_> {
        ConstraintKernels::of(self)
    }
}

impl<T: Real> ConstraintKernel<T> for UnitNorm {
    fn project(&self, block: &Block, parameters: &mut [T]) {
        rescale(self.per, block, parameters, |_| 1.0);
    }
}
