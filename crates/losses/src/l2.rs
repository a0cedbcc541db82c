//! `l2`: Σ (z − t)².
//!
//! z outputs, t targets. `mse` without the mean over outputs: a column with more numbers counts more.
//! Source: Legendre (1805), *Nouvelles méthodes pour la détermination des orbites des comètes*.

use crate::accept;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossKernels, LossTerms, Reduction};
use tanren_tensor::{Real, Shape, ShapeError};

/// Sum of squared errors.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct SquaredError {}

#[typetag::serde(name = "l2")]
impl Loss for SquaredError {
    fn link(&self) -> Link {
        Link::Identity
    }

    fn domain(&self) -> Domain {
        Domain::Real
    }

    fn separable(&self) -> Option<Reduction> {
        Some(self.reduction())
    }

    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        accept::numbers(target)
    }

    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl LossTerms for SquaredError {
    fn reduction(&self) -> Reduction {
        Reduction::Sum
    }

    #[inline(always)]
    fn value(&self, z: f64, t: f64) -> f64 {
        (z - t) * (z - t)
    }

    #[inline(always)]
    fn slope<T: Real>(&self, z: T, t: T) -> T {
        T::of(2.0) * (z - t)
    }
}
