//! `non-negative`: w ← max(w, 0).
//!
//! Source: Lee, Seung (1999), *Learning the parts of objects by non-negative matrix factorization*.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Block, Checked, Constraint, ConstraintKernel, ConstraintKernels};
use tanren_tensor::{Real, map};

/// Keeps weights at or above 0.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct NonNegative {}

#[typetag::serde(name = "non-negative")]
impl Constraint for NonNegative {
    fn kernels(&self) -> ConstraintKernels<'_> {
        ConstraintKernels::of(self)
    }
}

impl<T: Real> ConstraintKernel<T> for NonNegative {
    fn project(&self, _: &Block, parameters: &mut [T]) {
        map(parameters, |w| if w < T::ZERO { T::ZERO } else { w }); // NaN stays to be seen
    }
}
