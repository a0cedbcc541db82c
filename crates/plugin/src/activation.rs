//! `Activation`: a scalar function and its derivative.

use crate::{ActivationKernels, Facts, SettingError};
use std::fmt;
use tanren_tensor::Real;

/// A scalar function, applied to each number. A field of dense and recurrent layers, and a layer
/// of its own.
#[typetag::serde(tag = "type")]
pub trait Activation: fmt::Debug + Send + Sync {
    /// Whether every setting is in its range: asked when a recipe or a model is read, and before
    /// training.
    ///
    /// # Errors
    /// The first setting that is not.
    fn check(&self) -> Result<(), SettingError> {
        Ok(())
    }

    /// Smoothness, range, saturation, link.
    fn facts(&self) -> Facts;

    /// Whether the derivative needs `x`. When it follows from `y` alone, `x` is not kept.
    fn needs_input(&self) -> bool {
        false
    }

    /// Always `ActivationKernels::of(self)`.
    fn kernels(&self) -> ActivationKernels<'_>;
}

/// What an [`Activation`] computes, in precision `T`.
pub trait ActivationKernel<T: Real>: Send + Sync {
    /// `x ← f(x)`.
    fn apply(&self, x: &mut [T]);

    /// `dy ← dy · f′(x)`, where `y = f(x)`. `x` is empty unless
    /// [`needs_input`](Activation::needs_input).
    fn differentiate(&self, x: &[T], y: &[T], dy: &mut [T]);
}
