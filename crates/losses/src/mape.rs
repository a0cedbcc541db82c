//! `mape`: 100 Σ |z − t| / max(|t|, ε) / k, in percent.
//!
//! z outputs, t targets, k their number, ε a floor, without which a target of 0 would make an infinite
//! value. An error counts by its share of the target, in the units in which the network sees it: leave
//! targets without a normalizer. The gradient at z = t is 0. Source: Makridakis (1993), *Accuracy
//! measures: theoretical and practical concerns*.

use crate::accept;
use crate::numbers::{at_least, sign};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossKernels, LossTerms, Reduction};
use tanren_tensor::{Real, Shape, ShapeError};

/// Mean absolute error in percent of the target.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Mape {
    /// ε: a target that is smaller counts as this; above 0, in units of the target.
    #[setting(above = 0)]
    pub floor: f64,
}

impl Default for Mape {
    fn default() -> Self {
        Self { floor: 1e-3 }
    }
}

#[typetag::serde(name = "mape")]
impl Loss for Mape {
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

impl LossTerms for Mape {
    fn reduction(&self) -> Reduction {
        Reduction::Mean
    }

    #[inline(always)]
    fn value(&self, z: f64, t: f64) -> f64 {
        100.0 * (z - t).abs() / at_least(t.abs(), self.floor)
    }

    #[inline(always)]
    fn slope<T: Real>(&self, z: T, t: T) -> T {
        let size = at_least(t.abs(), T::of(self.floor));
        T::of(100.0) * sign(z - t) / size
    }
}
