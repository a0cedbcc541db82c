//! `dense`: Y = f(Z), Z = W X + b.
//!
//! X inputs × columns, W units × inputs, b units × 1, Y and Z units × columns, f the activation.
//! Backward: ∂Z = ∂Y ⊙ f′(Z);  ∂W = ∂Z Xᵀ;  ∂b = ∂Z 1;  ∂X = Wᵀ ∂Z. Every column alike, so a
//! sequence is treated step by step in one product.
//!
//! An index i is a one-hot column written short: W X is column i of W, gathered; ∂Z is added to
//! column i of ∂W, column after column, so the sum is the same for every number of threads.

use crate::{Identity, accept, activated, defaults, linear};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Activation, Backward, Checked, Facts, Forward, Init, Layer, LayerKernel, LayerKernels, Memory,
    ParamSpec, Plugin, Precision,
};
use tanren_tensor::{Extent, Input, Shape, ShapeError};

/// A fully connected layer, of numbers or of an index. Its blocks are `weight` (units × inputs)
/// and `bias` (units × 1); then come those of its activation.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Dense {
    /// Rows of the output, at least 1.
    #[setting(from = 1)]
    pub units: usize,
    /// f; the identity unless said.
    #[serde(default = "defaults::identity")]
    pub activation: Plugin<dyn Activation>,
    /// Initial weights; `xavier-uniform` unless said.
    #[serde(default = "defaults::xavier_uniform")]
    pub init: Plugin<dyn Init>,
    /// Initial biases; zero unless said.
    #[serde(default = "defaults::zero")]
    pub bias_init: Plugin<dyn Init>,
    /// Whether there is a bias; there is unless said.
    #[serde(default = "defaults::yes")]
    pub bias: bool,
}

impl Dense {
    /// A linear layer of `units` outputs with bias.
    #[must_use]
    pub fn new(units: usize) -> Self {
        let (activation, init) = (defaults::identity(), defaults::xavier_uniform());
        let bias_init = defaults::zero();
        Self { units, activation, init, bias_init, bias: true }
    }

    /// The same layer with another activation.
    #[must_use]
    pub fn activation(mut self, activation: impl Into<Plugin<dyn Activation>>) -> Self {
        self.activation = activation.into();
        self
    }

    /// The same layer with other initial weights.
    #[must_use]
    pub fn init(mut self, init: impl Into<Plugin<dyn Init>>) -> Self {
        self.init = init.into();
        self
    }

    /// The same layer with other initial biases.
    #[must_use]
    pub fn bias_init(mut self, init: impl Into<Plugin<dyn Init>>) -> Self {
        self.bias_init = init.into();
        self
    }

    /// How many blocks it has beside those of the activation.
    fn own(&self) -> usize {
        1 + usize::from(self.bias)
    }

    /// The same layer without bias.
    #[must_use]
    pub fn without_bias(mut self) -> Self {
        self.bias = false;
        self
    }
}

#[typetag::serde(name = "dense")]
impl Layer for Dense {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        let input = accept::filled(accept::single(inputs)?)?;
        accept::settings(self)?;
        if self.units.checked_mul(input.features).is_none() {
            let found = format!("{} units of {} weights each", self.units, input.features);
            return Err(ShapeError::new("a number of weights that fits in memory", found));
        }
        Ok(input.with_features(self.units))
    }

    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let shape = (self.units, inputs[0].features);
        let weight = ParamSpec::weight("weight", shape).init(self.init.clone());
        activated::blocks(weight, self.bias.then_some(&self.bias_init), &self.activation)
    }

    fn memory(&self, inputs: &[Shape], extent: Extent) -> Memory {
        let z = inputs[0].with_features(self.units);
        Memory { tape: activated::tape(&self.activation, z, extent), scratch: 0 }
    }

    fn facts(&self) -> Facts {
        self.activation.facts()
    }

    fn linear(&self) -> Option<Plugin<dyn Layer>> {
        self.facts().link.map(|_| self.clone().activation(Identity {}).into())
    }

    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Precision> LayerKernel<T> for Dense {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let bias = self.bias.then_some(1);
        linear::project(pass.params, bias, pass.inputs[0], &mut pass.output);
        activated::forward(&self.activation, self.own(), pass);
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        activated::backward(&self.activation, self.own(), &mut pass);
        match pass.inputs[0] {
            Input::Dense(_) => pass.outer_product(0, 0), // ∂W = ∂z xᵀ
            indices @ Input::Indices(_) => {
                let dz = pass.upstream.read();
                linear::weight_gradient(pass.pass, &mut pass.grads, indices, dz);
            }
        }
        let dz = pass.upstream.read();
        if self.bias {
            pass.grads.add_columns(1, dz);
        }
        if let Some((write, mut dx)) = pass.downstream.get(0) {
            pass.params.transposed_times(0, write, dz, &mut dx);
        }
    }
}
