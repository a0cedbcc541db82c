//! `l1`: Σ |z − t|.
//!
//! z outputs, t targets. `mae` without the mean over outputs: a column with more numbers counts more.
//! Source: Boscovich (1757), *De litteraria expeditione per pontificiam ditionem*.

use crate::accept;
use crate::numbers::sign;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossKernels, LossTerms, Reduction};
use tanren_tensor::{Real, Shape, ShapeError};

/// Sum of absolute errors.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct AbsoluteError {}

#[typetag::serde(name = "l1")]
impl Loss for AbsoluteError {
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

impl LossTerms for AbsoluteError {
    fn reduction(&self) -> Reduction {
        Reduction::Sum
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
