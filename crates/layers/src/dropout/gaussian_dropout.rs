//! `gaussian-dropout`: y = x f with f normal, of mean 1 and variance drop / keep, in training; y = x in
//! inference.
//!
//! X features × columns; ∂x = ∂y f. The factor has mean and variance of that of dropout, but nothing is
//! lost. Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov (2014), *Dropout: a simple way
//! to prevent neural networks from overfitting*, section 10.

use super::mask;
use crate::share::{Rate, Share};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, Memory, Scheduled,
};
use tanren_tensor::{Extent, Real, Shape, ShapeError};

/// Multiplies each number by a random one around 1 while training.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
pub struct GaussianDropout(Share);

impl GaussianDropout {
    /// Has the variance of dropout that drops this share of the numbers.
    #[must_use]
    pub fn drop(share: impl Into<Scheduled>) -> Self {
        Self(Share::drop(share))
    }

    /// Has the variance of dropout that keeps this share of the numbers.
    #[must_use]
    pub fn keep(share: impl Into<Scheduled>) -> Self {
        Self(Share::keep(share))
    }
}

#[typetag::serde(name = "gaussian-dropout")]
impl Layer for GaussianDropout {
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

impl<T: Real> LayerKernel<T> for GaussianDropout {
    fn forward(&self, pass: Forward<'_, T>) {
        let Rate { drop, keep } = self.0.rate(pass.pass.clock);
        let deviation = T::of((drop / keep).sqrt());
        mask::multiply(pass, |draws, factors| {
            draws.map_normals(factors, |one, n| deviation.mul_add(n, one));
        });
    }

    fn backward(&self, pass: Backward<'_, T>) {
        mask::multiply_back(pass);
    }
}
