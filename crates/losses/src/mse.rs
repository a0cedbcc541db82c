//! `mse`: Σ (z − t)² / k.
//!
//! z outputs, t targets, k their number. There is no factor ½, so the gradient is 2 (z − t) / k
//! and the value is the mean squared error one reports. Source: Legendre (1805), *Nouvelles méthodes
//! pour la détermination des orbites des comètes*.

use crate::accept;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossKernels, LossTerms, Reduction};
use tanren_tensor::{Real, Shape, ShapeError};

/// Mean squared error.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Mse {}

#[typetag::serde(name = "mse")]
impl Loss for Mse {
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

impl LossTerms for Mse {
    fn reduction(&self) -> Reduction {
        Reduction::Mean
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
