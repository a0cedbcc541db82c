//! `msle`: Σ (ln(1 + ŷ) − ln(1 + t))² / k with ŷ = eᶻ − 1, computed as Σ (z − ln(1 + t))² / k.
//!
//! z outputs, t targets above −1, k their number. An error counts by its ratio, for quantities that range
//! over orders of magnitude. With this link no prediction can reach −1, and no logarithm is taken of an
//! output. Source: Törnqvist, Vartia, Vartia (1985), *How should relative changes be measured?*

use crate::accept;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossKernels, LossTerms, Reduction};
use tanren_tensor::{Real, Shape, ShapeError, exp_m1_scalar, ln_scalar};

/// Mean squared error of logarithms.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Msle {}

#[typetag::serde(name = "msle")]
impl Loss for Msle {
    fn link(&self) -> Link {
        Link::ExpM1
    }

    fn domain(&self) -> Domain {
        Domain::AboveMinusOne
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

impl LossTerms for Msle {
    fn reduction(&self) -> Reduction {
        Reduction::Mean
    }

    #[inline(always)]
    fn value(&self, z: f64, t: f64) -> f64 {
        let d = z - ln_scalar(1.0 + t);
        d * d
    }

    #[inline(always)]
    fn slope<T: Real>(&self, z: T, t: T) -> T {
        T::of(2.0) * (z - ln_scalar(T::ONE + t))
    }

    #[inline(always)]
    fn prediction<T: Real>(&self, z: T) -> T {
        exp_m1_scalar(z)
    }
}
