//! `gaussian-dropout`: y = x f with f normal, of mean 1 and variance drop / keep, in training; y = x in
//! inference.
//!
//! X features × columns; ∂x = ∂y f. The factor has mean and variance of that of dropout, but nothing is
//! lost. Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov (2014), *Dropout: a simple way
//! to prevent neural networks from overfitting*, section 10.

use super::mask;
use crate::rate::Rate;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, Memory, SettingError,
};
use tanren_tensor::{Extent, Real, Shape, ShapeError};

/// Multiplies each number by a random one around 1 while training.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
#[setting(also = Self::either)]
pub struct GaussianDropout {
    /// The share that dropout of the same variance would drop, from 0 to below 1. Either this or `keep`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[setting(from = 0, below = 1)]
    pub drop: Option<f64>,
    /// The share that dropout of the same variance would keep, above 0, up to 1. Either this or `drop`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[setting(above = 0, to = 1)]
    pub keep: Option<f64>,
}

impl GaussianDropout {
    /// Whether one of the settings is given.
    fn either(&self) -> Result<(), SettingError> {
        Rate::check(self.drop, self.keep)
    }

    /// As much noise as where this share of the numbers is dropped.
    #[must_use]
    pub const fn drop(share: f64) -> Self {
        Self { drop: Some(share), keep: None }
    }

    /// As much noise as where this share of the numbers is kept.
    #[must_use]
    pub const fn keep(share: f64) -> Self {
        Self { drop: None, keep: Some(share) }
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
        let Rate { drop, keep } = Rate::of(self.drop, self.keep);
        let deviation = T::of((drop / keep).sqrt());
        mask::multiply(pass, |draws, factors| {
            draws.map_normals(factors, |one, n| deviation.mul_add(n, one));
        });
    }

    fn backward(&self, pass: Backward<'_, T>) {
        mask::multiply_back(pass);
    }
}
