//! `huber`: Σ h(z − t) / k;  h(d) = ½ d² for |d| ≤ δ, otherwise δ (|d| − ½ δ).
//!
//! z outputs, t targets, k their number. Squared where errors are small, absolute where they are large.
//! The derivative h′ is d, clipped to ±δ. Source: Huber (1964), *Robust estimation of a location
//! parameter*.

use crate::accept;
use crate::numbers::clip;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossKernels, LossTerms, Reduction};
use tanren_tensor::{Real, Shape, ShapeError};

/// Squared error where it is small, absolute error where it is large.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Huber {
    /// δ: up to this error it is squared; above 0.
    #[setting(above = 0)]
    pub delta: f64,
}

impl Default for Huber {
    fn default() -> Self {
        Self { delta: 1.0 }
    }
}

#[typetag::serde(name = "huber")]
impl Loss for Huber {
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

impl LossTerms for Huber {
    fn reduction(&self) -> Reduction {
        Reduction::Mean
    }

    #[inline(always)]
    fn value(&self, z: f64, t: f64) -> f64 {
        let (d, delta) = (z - t, self.delta);
        let (square, line) = (0.5 * d * d, delta * (d.abs() - 0.5 * delta));
        if d.abs() <= delta { square } else { line }
    }

    #[inline(always)]
    fn slope<T: Real>(&self, z: T, t: T) -> T {
        let delta = T::of(self.delta);
        clip(z - t, -delta, delta)
    }
}
