//! `drop-connect`: w / keep with probability keep, otherwise 0, in training.
//!
//! W the weights of a block; ∂w = ∂w̃ / keep where w was kept, otherwise 0, with w̃ the disturbed weight.
//! Dividing in training keeps the mean of the weights, so that nothing has to be scaled in inference. The
//! mask is one for all examples of an update, so that products stay products of matrices; the paper draws
//! one for each example. Source: Wan, Zeiler, Zhang, LeCun, Fergus (2013), *Regularization of neural
//! networks using DropConnect*.

use crate::random::by_update;
use crate::share::Share;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Block, Checked, NoiseKernel, NoiseKernels, Pass, Scheduled, WeightNoise};
use tanren_tensor::{Draws, Real};

/// Sets random weights to 0 while training.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
pub struct DropConnect(Share);

impl DropConnect {
    /// Drops this share of the weights.
    #[must_use]
    pub fn drop(share: impl Into<Scheduled>) -> Self {
        Self(Share::drop(share))
    }

    /// Keeps this share of the weights.
    #[must_use]
    pub fn keep(share: impl Into<Scheduled>) -> Self {
        Self(Share::keep(share))
    }

    /// Multiplies by the mask of this update.
    fn mask<T: Real>(&self, pass: &Pass<'_, T>, block: &Block, numbers: &mut [T]) {
        let rate = self.0.rate(pass.clock);
        by_update((pass, &block.name), numbers, Draws::seek_half, |draws, numbers| {
            rate.apply(draws, numbers);
        });
    }
}

#[typetag::serde(name = "drop-connect")]
impl WeightNoise for DropConnect {
    fn unbiased(&self) -> bool {
        true
    }

    fn kernels(&self) -> NoiseKernels<'_> {
        NoiseKernels::of(self)
    }
}

impl<T: Real> NoiseKernel<T> for DropConnect {
    fn disturb(&self, pass: &Pass<'_, T>, block: &Block, weights: &mut [T]) {
        self.mask(pass, block, weights);
    }

    fn differentiate(&self, pass: &Pass<'_, T>, block: &Block, gradient: &mut [T]) {
        self.mask(pass, block, gradient);
    }
}
