//! `activation`: Y = f(X), a layer of its own.
//!
//! X features × columns, Y the same; ∂X = ∂Y ⊙ f′(X).

use super::Identity;
use crate::accept;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Activation, Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, ParamSpec,
    Plugin, Precision,
};
use tanren_tensor::{Shape, ShapeError, Signal, add_scaled};

/// Applies an activation to every number of a dense input.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct ActivationLayer {
    /// f.
    pub function: Plugin<dyn Activation>,
}

impl ActivationLayer {
    /// The layer of an activation.
    pub fn new(function: impl Into<Plugin<dyn Activation>>) -> Self {
        Self { function: function.into() }
    }
}

#[typetag::serde(name = "activation")]
impl Layer for ActivationLayer {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        accept::numbers(accept::single(inputs)?)
    }

    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        self.function.params(inputs[0].features)
    }

    fn facts(&self) -> Facts {
        self.function.facts()
    }

    fn linear(&self) -> Option<Plugin<dyn Layer>> {
        self.facts().link.map(|_| Self::new(Identity {}).into())
    }

    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Precision> LayerKernel<T> for ActivationLayer {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let (x, y) = (pass.inputs[0].dense(), &mut pass.output);
        y.data().copy_from_slice(x.data());
        self.function.kernels().at().forward(pass.params, y);
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (x, dy) = (pass.inputs[0].dense(), &mut pass.upstream);
        let x = if self.function.needs_input() { x } else { Signal::new(&[], x.features()) };
        self.function.kernels().at().backward(pass.params, x, pass.output, dy, pass.grads);
        let Some((write, mut dx)) = pass.downstream.get(0) else { return };
        add_scaled(write, T::ONE, dy.data(), dx.data());
    }
}
