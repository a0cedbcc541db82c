//! `WeightNoise`: weights that are disturbed while training.

use crate::{Block, BlockKind, NoiseKernels, Pass, SettingError};
use std::fmt;
use tanren_tensor::Real;

/// A disturbance of a node's weights in training passes, such as DropConnect. An option of any
/// node; the layer itself does not know.
#[typetag::serde(tag = "type")]
pub trait WeightNoise: fmt::Debug + Send + Sync {
    /// Whether every setting is in its range: asked when a recipe or a model is read, and before
    /// training.
    ///
    /// # Errors
    /// The first setting that is not.
    fn check(&self) -> Result<(), SettingError> {
        Ok(())
    }

    /// Whether a block is disturbed: by default weights, not biases. Statistics never are.
    fn applies(&self, block: &Block) -> bool {
        matches!(block.kind, BlockKind::Weight | BlockKind::Recurrent)
    }

    /// Always `NoiseKernels::of(self)`.
    fn kernels(&self) -> NoiseKernels<'_>;
}

/// What a [`WeightNoise`] computes, in precision `T`.
pub trait NoiseKernel<T: Real>: Send + Sync {
    /// Disturbs the weights of one block in place.
    fn disturb(&self, pass: &Pass<'_, T>, block: &Block, weights: &mut [T]);

    /// Turns the gradient with respect to the disturbed weights into that with respect to the
    /// true ones, in place. The same randomness as in [`NoiseKernel::disturb`] is at hand.
    fn differentiate(&self, pass: &Pass<'_, T>, block: &Block, gradient: &mut [T]);
}
