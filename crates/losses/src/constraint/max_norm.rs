//! `max-norm`: w ← w max / ‖w‖ where ‖w‖ > max.
//!
//! w what enters a unit, or a block; ‖w‖ its Euclidean norm. Where w = 0 it stays 0. Source: Srebro,
//! Rennie, Jaakkola (2005), *Maximum-margin matrix factorization*; with dropout: Srivastava, Hinton,
//! Krizhevsky, Sutskever, Salakhutdinov (2014), *Dropout*, section 5.1.

use super::norms::{Per, rescale};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Block, Checked, Constraint, ConstraintKernel, ConstraintKernels};
use tanren_tensor::Real;

/// Keeps the norm of the weights of a unit at or below a limit.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct MaxNorm {
    /// The largest norm, above 0; 3 unless said, usual from 1 to 4.
    #[setting(above = 0)]
    pub max: f64,
    /// `unit` for the norm of what enters a unit, `block` for that of a whole block.
    pub per: Per,
}

impl Default for MaxNorm {
    fn default() -> Self {
        Self { max: 3.0, per: Per::Unit }
    }
}

#[typetag::serde(name = "max-norm")]
impl Constraint for MaxNorm {
    fn kernels(&self) -> ConstraintKernels<'_> {
        ConstraintKernels::of(self)
    }
}

impl<T: Real> ConstraintKernel<T> for MaxNorm {
    fn project(&self, block: &Block, parameters: &mut [T]) {
        rescale(self.per, block, parameters, |norm| norm.min(self.max));
    }
}
