//! `wasserstein`: Σ t z / k.
//!
//! z scores of a critic, t −1 for what is real and 1 for what is generated, k their number. Over a batch of
//! as many of both it is half the difference of mean scores, whose largest value over all critics of slope 1
//! is the Wasserstein distance. It has no least value: bound the critic, by a constraint on its weights for
//! instance. The gradient is t / k. Source: Arjovsky, Chintala, Bottou (2017), *Wasserstein GAN*.

use crate::accept;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossKernels, LossTerms, Reduction};
use tanren_tensor::{Real, Shape, ShapeError};

/// Scores of a critic, by the sign of the target.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Wasserstein {}

#[typetag::serde(name = "wasserstein")]
impl Loss for Wasserstein {
    fn link(&self) -> Link {
        Link::Identity
    }

    fn domain(&self) -> Domain {
        Domain::Signs
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

impl LossTerms for Wasserstein {
    fn reduction(&self) -> Reduction {
        Reduction::Mean
    }

    #[inline(always)]
    fn value(&self, z: f64, t: f64) -> f64 {
        t * z
    }

    #[inline(always)]
    fn slope<T: Real>(&self, _: T, t: T) -> T {
        t
    }
}
