//! `dropout`: y = x / keep with probability keep, otherwise 0, in training; y = x in inference.
//!
//! X features × columns; ∂x = ∂y / keep where x was kept, otherwise 0. Dividing in training (inverted
//! dropout) keeps the mean of y at x, so that nothing has to be scaled in inference. The mask of an
//! example is another one in every epoch, for every repeated update and at every step of a sequence,
//! and does not depend on the batch. Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov
//! (2014), *Dropout: a simple way to prevent neural networks from overfitting*, whose p is `keep`.

use super::mask;
use crate::share::Share;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, Memory, Scheduled,
};
use tanren_tensor::{Extent, Real, Shape, ShapeError};

/// Sets random numbers to 0 while training.
///
/// ```
/// use tanren_layers::Dropout;
///
/// let half = Dropout::drop(0.5); // the same as `Dropout::keep(0.5)`
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
pub struct Dropout(Share);

impl Dropout {
    /// Drops this share of the numbers.
    #[must_use]
    pub fn drop(share: impl Into<Scheduled>) -> Self {
        Self(Share::drop(share))
    }

    /// Keeps this share of the numbers.
    #[must_use]
    pub fn keep(share: impl Into<Scheduled>) -> Self {
        Self(Share::keep(share))
    }
}

#[typetag::serde(name = "dropout")]
impl Layer for Dropout {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        mask::output(inputs)
    }

    fn memory(&self, inputs: &[Shape], extent: Extent) -> Memory {
        mask::memory(inputs, extent)
    }

    fn facts(&self) -> Facts {
        Facts { disturbs: true, ..Facts::smooth() }
    }

    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Dropout {
    fn forward(&self, pass: Forward<'_, T>) {
        let rate = self.0.rate(pass.pass.clock);
        mask::multiply(pass, |draws, factors| rate.apply(draws, factors));
    }

    fn backward(&self, pass: Backward<'_, T>) {
        mask::multiply_back(pass);
    }
}
