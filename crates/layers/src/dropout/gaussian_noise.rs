//! `gaussian-noise`: y = x + std n with n normal, of mean 0 and variance 1, in training; y = x in
//! inference.
//!
//! X features × columns; ∂x = ∂y. On the inputs of a network, small noise acts like a penalty on the
//! slopes of its outputs. Source: Bishop (1995), *Training with noise is equivalent to Tikhonov
//! regularization*.

use super::mask;
use crate::random::by_column;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, Mode, Scheduled,
};
use tanren_tensor::{Real, Shape, ShapeError};

/// Adds a random number to each while training.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct GaussianNoise {
    /// The standard deviation of what is added, a number or a schedule, 0 or more.
    #[setting(from = 0)]
    pub std: Scheduled,
}

impl Default for GaussianNoise {
    fn default() -> Self {
        Self { std: 0.1.into() }
    }
}

#[typetag::serde(name = "gaussian-noise")]
impl Layer for GaussianNoise {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        mask::output(inputs)
    }

    fn facts(&self) -> Facts {
        Facts { disturbs: true, ..Facts::smooth() }
    }

    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for GaussianNoise {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let y = pass.output.data();
        y.copy_from_slice(pass.inputs[0].dense().data());
        if pass.pass.mode == Mode::Training {
            let std = T::of(self.std.at(pass.pass.clock));
            by_column(pass.pass, y, |draws, y| draws.map_normals(y, |x, n| std.mul_add(n, x)));
        }
    }

    fn backward(&self, pass: Backward<'_, T>) {
        mask::hand_on(pass);
    }
}
