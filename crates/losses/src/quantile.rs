//! `quantile`: Σ ρ(t − z) / k;  ρ(e) = q e for e ≥ 0, otherwise (q − 1) e.
//!
//! z outputs, t targets, k their number, q the share of targets that should lie below the prediction. The
//! best constant is the q-quantile; q = ½ gives half the absolute error. At e = 0 the gradient is 0.
//! Source: Koenker and Bassett (1978), *Regression quantiles*.

use crate::accept;
use crate::numbers::sign;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossKernels, LossTerms, Reduction};
use tanren_tensor::{Real, Shape, ShapeError};

/// Pinball loss: the prediction is a quantile of the targets.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Quantile {
    /// Which quantile: the share of targets that should lie below the prediction, between 0 and 1.
    #[setting(above = 0, below = 1)]
    pub q: f64,
}

impl Default for Quantile {
    fn default() -> Self {
        Self { q: 0.5 }
    }
}

#[typetag::serde(name = "quantile")]
impl Loss for Quantile {
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

impl LossTerms for Quantile {
    fn reduction(&self) -> Reduction {
        Reduction::Mean
    }

    #[inline(always)]
    fn value(&self, z: f64, t: f64) -> f64 {
        let e = t - z;
        if e < 0.0 { (self.q - 1.0) * e } else { self.q * e }
    }

    #[inline(always)]
    fn slope<T: Real>(&self, z: T, t: T) -> T {
        let (e, q) = (t - z, T::of(self.q));
        let weight = if e < T::ZERO { T::ONE - q } else { q };
        -sign(e) * weight
    }
}
