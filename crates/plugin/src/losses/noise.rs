//! `WeightNoise`: weights that are disturbed while training.

use crate::{Block, BlockKind, Checked, Family, Kernels, Pass};
use tanren_tensor::Real;

/// A disturbance of weights in training passes, such as DropConnect. The layer itself does not
/// know of it.
#[typetag::serde(tag = "type")]
pub trait WeightNoise: Checked {
    /// The kinds of blocks that are disturbed where a recipe names none: weights, not biases.
    /// Statistics never are.
    fn kinds(&self) -> &[BlockKind] {
        BlockKind::WEIGHTS
    }

    /// Whether the mean of the disturbed weights is the true ones.
    fn unbiased(&self) -> bool {
        false
    }

    /// Always `NoiseKernels::of(self)`.
    fn kernels(&self) -> NoiseKernels<'_>;
}

/// What a [`WeightNoise`] computes, in both precisions.
pub type NoiseKernels<'a> = Kernels<'a, dyn WeightNoise>;

impl Family for dyn WeightNoise {
    type Kernel<T: Real> = dyn NoiseKernel<T>;
}

impl<'a> NoiseKernels<'a> {
    /// Both kernels of one plugin.
    pub fn of<K: NoiseKernel<f32> + NoiseKernel<f64> + 'static>(kernel: &'a K) -> Self {
        Self::new(kernel, kernel)
    }
}

/// What a [`WeightNoise`] computes, in precision `T`.
pub trait NoiseKernel<T: Real>: Send + Sync {
    /// Disturbs the weights of one block in place. All randomness comes from the pass: its stream,
    /// and its clock for numbers that differ from update to update.
    fn disturb(&self, pass: &Pass<'_, T>, block: &Block, weights: &mut [T]);

    /// Turns the gradient with respect to the disturbed weights into that with respect to the
    /// true ones, in place. The pass gives the same random numbers as in [`NoiseKernel::disturb`].
    fn differentiate(&self, pass: &Pass<'_, T>, block: &Block, gradient: &mut [T]);
}
