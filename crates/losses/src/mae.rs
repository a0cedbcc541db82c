//! `mae`: Σ |z − t| / k.
//!
//! z outputs, t targets, k their number. The best constant is the median, so a few far targets do not
//! pull. The gradient is sign(z − t) / k, and 0 where both are equal. Source: Boscovich (1757), *De
//! litteraria expeditione per pontificiam ditionem*.

use crate::accept;
use crate::numbers::sign;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossKernels, LossTerms, Reduction};
use tanren_tensor::{Real, Shape, ShapeError};

/// Mean absolute error.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Mae {}

#[typetag::serde(name = "mae")]
impl Loss for Mae {
    fn link(&self) -> Link {
        Link::Identity
    }

    fn domain(&self) -> Domain {
        Domain::Real
    }

    fn smooth(&self) -> bool {
        false
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

impl LossTerms for Mae {
    fn reduction(&self) -> Reduction {
        Reduction::Mean
    }

    #[inline(always)]
    fn value(&self, z: f64, t: f64) -> f64 {
        (z - t).abs()
    }

    #[inline(always)]
    fn slope<T: Real>(&self, z: T, t: T) -> T {
        sign(z - t)
    }
}
