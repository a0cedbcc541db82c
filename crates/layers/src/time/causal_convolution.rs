//! `causal-convolution`: yₜ = f(Σⱼ Wⱼ x of step t − j·d + b), j from 0 to k − 1: a convolution along the steps
//! that sees no step to come.
//!
//! x inputs, y filters, W₀ … of filters × inputs each, b filters × 1, k the size, d the dilation, f the
//! activation. Before its first step a sequence is 0; behind its end Z is, whatever stands there. Backward, with
//! ∂Z = ∂Y ⊙ f′(Z): ∂Wⱼ = Σₜ ∂zₜ (x of step t − j·d)ᵀ, ∂xₜ = Σⱼ Wⱼᵀ (∂z of step t + j·d), ∂b = Σₜ ∂zₜ.
//! Sources: van den Oord, Dieleman, Zen et al. (2016), *WaveNet: a generative model for raw audio*; Bai,
//! Kolter, Koltun (2018), *An empirical evaluation of generic convolutional and recurrent networks for
//! sequence modeling*.

mod kernel;

use crate::{Identity, accept, activated, defaults};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Activation, Checked, Facts, Fan, Init, Layer, LayerKernels, Memory, ParamSpec, Plugin,
};
use tanren_tensor::{Extent, Shape, ShapeError};

/// A convolution along the steps of a sequence, whose output at a step depends on this step and earlier ones
/// alone. Its blocks are `weight` (filters × size·inputs), with the columns of the oldest step first, and
/// `bias` (filters × 1); then come those of its activation.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CausalConvolution {
    /// Rows of the output, at least 1.
    #[setting(from = 1)]
    pub filters: usize,
    /// Steps that a filter looks at, at least 1.
    #[setting(from = 1)]
    pub size: usize,
    /// From one of these steps to the next, at least 1; 1 unless said, so that they are neighbours.
    #[serde(default = "one")]
    #[setting(from = 1)]
    pub dilation: usize,
    /// f; the identity unless said.
    #[serde(default = "defaults::identity")]
    pub activation: Plugin<dyn Activation>,
    /// Initial weights; `xavier-uniform` unless said. A unit has as many inputs as its filter has weights.
    #[serde(default = "defaults::xavier_uniform")]
    pub init: Plugin<dyn Init>,
    /// Initial biases; zero unless said.
    #[serde(default = "defaults::zero")]
    pub bias_init: Plugin<dyn Init>,
    /// Whether there is a bias; there is unless said.
    #[serde(default = "defaults::yes")]
    pub bias: bool,
}

const fn one() -> usize {
    1
}

impl CausalConvolution {
    /// A linear convolution of so many filters, each of which looks at `size` neighbouring steps.
    #[must_use]
    pub fn new(filters: usize, size: usize) -> Self {
        Self {
            filters,
            size,
            dilation: 1,
            activation: defaults::identity(),
            init: defaults::xavier_uniform(),
            bias_init: defaults::zero(),
            bias: true,
        }
    }

    /// The same convolution over steps so far apart.
    #[must_use]
    pub fn dilation(self, dilation: usize) -> Self {
        Self { dilation, ..self }
    }

    /// The same convolution with another activation.
    #[must_use]
    pub fn activation(self, activation: impl Into<Plugin<dyn Activation>>) -> Self {
        Self { activation: activation.into(), ..self }
    }

    /// The same convolution with other initial weights.
    #[must_use]
    pub fn init(self, init: impl Into<Plugin<dyn Init>>) -> Self {
        Self { init: init.into(), ..self }
    }

    /// The same convolution without bias.
    #[must_use]
    pub fn without_bias(self) -> Self {
        Self { bias: false, ..self }
    }

    /// How many blocks it has beside those of the activation.
    fn own(&self) -> usize {
        1 + usize::from(self.bias)
    }

    /// The steps before a step on which its output depends.
    const fn history(&self) -> usize {
        (self.size - 1) * self.dilation
    }

    /// Whether the weights, and the steps that are carried on, can be counted.
    fn fits(&self, inputs: usize) -> bool {
        let weights = self.size.checked_mul(inputs).and_then(|n| n.checked_mul(self.filters));
        let history = (self.size - 1).checked_mul(self.dilation);
        weights.is_some() && history.and_then(|steps| steps.checked_mul(inputs)).is_some()
    }
}

#[typetag::serde(name = "causal-convolution")]
impl Layer for CausalConvolution {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        let input = accept::filled(accept::single(inputs)?)?;
        if input.indices || !input.sequence {
            let expected =
                "a sequence of numbers (of indices, the layer `embedding` makes numbers)";
            return Err(ShapeError::new(expected, input));
        }
        accept::settings(self)?;
        if !self.fits(input.features) {
            let Self { filters, size, dilation, .. } = self;
            let found =
                format!("{filters} filters of size {size}, dilation {dilation}, on {input}");
            let expected = "weights and steps to look back at that fit in memory";
            return Err(ShapeError::new(expected, found));
        }
        Ok(input.with_features(self.filters))
    }

    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let shape = (self.filters, self.size * inputs[0].features);
        let fan = Fan { inputs: shape.1, outputs: self.size.saturating_mul(self.filters) };
        let weight = ParamSpec::weight("weight", shape).init(self.init.clone());
        let bias = self.bias.then_some(&self.bias_init);
        activated::blocks(ParamSpec { fan, ..weight }, bias, &self.activation)
    }

    fn memory(&self, inputs: &[Shape], extent: Extent) -> Memory {
        let z = inputs[0].with_features(self.filters);
        Memory { tape: activated::tape(&self.activation, z, extent), scratch: 0 }
    }

    fn carry(&self, inputs: &[Shape]) -> usize {
        self.history() * inputs[0].features // the oldest step above the others
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
