//! `softmax`: y = e^(x − m) / Σ e^(x − m), column by column.
//!
//! x a column of the input, m = max x; ∂x = y ⊙ (∂y − yᵀ∂y). Source: Bridle (1990), *Probabilistic
//! interpretation of feedforward classification network outputs*. Below a cross-entropy, which has its
//! own softmax, the assembly takes this layer away.

use super::columns::{distributions, pull_back};
use crate::{ActivationLayer, Identity, accept};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, Link, Plugin,
};
use tanren_tensor::{Real, Shape, ShapeError};

/// Turns each column into a distribution.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Softmax {}

#[typetag::serde(name = "softmax")]
impl Layer for Softmax {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        accept::numbers(accept::single(inputs)?)
    }

    fn facts(&self) -> Facts {
        Facts { range: (0.0, 1.0), link: Some(Link::Softmax), ..Facts::smooth() }
    }

    fn linear(&self) -> Option<Plugin<dyn Layer>> {
        Some(ActivationLayer::new(Identity {}).into())
    }

    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Softmax {
    fn forward(&self, mut pass: Forward<'_, T>) {
        distributions(T::ONE, pass.inputs[0].dense(), &mut pass.output);
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let Some(dx) = pass.downstream.get(0) else { return };
        pull_back(T::ONE, pass.output, pass.upstream.read(), dx);
    }
}
