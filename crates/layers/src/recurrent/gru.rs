//! `gru`: the gated recurrent unit, which blends its state with a new one.
//!
//! (aᵣ a_z aₙ) = W xₜ + b, one above the other, and U = (Uᵣ U_z Uₙ) likewise;  r = σ(aᵣ + Uᵣ hₜ₋₁),
//! z = σ(a_z + U_z hₜ₋₁);  hₜ = (1 − z) ⊙ n + z ⊙ hₜ₋₁. The new state is
//!
//! * n = φ(aₙ + r ⊙ (Uₙ hₜ₋₁ + b′)) where the reset comes after the product, as in PyTorch and cuDNN;
//! * n = φ(aₙ + Uₙ (r ⊙ hₜ₋₁)) where it comes before, as in the paper.
//!
//! With `layer-norm`, which needs the first form, W xₜ and U hₜ₋₁ are normalised, each by itself.
//!
//! x input, h state and output, r and z the reset and update gates; W 3·units × inputs, U 3·units × units,
//! b 3·units × 1, b′ units × 1; σ the gate activation, φ the activation. Gates lie in the order of PyTorch.
//! Source: Cho, van Merriënboer, Gulcehre et al. (2014), *Learning phrase representations using RNN
//! encoder-decoder for statistical machine translation*, in which z and 1 − z change places between
//! versions; this is the form of PyTorch and TensorFlow.

mod after;
mod before;
mod blend;

use super::normed::{self, Place, gain};
use super::{output, plain, state_dropout, weights};
use crate::{Stacked, defaults};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use tanren_plugin::{
    Activation, Backward, Checked, Facts, Forward, Init, Layer, LayerKernel, LayerKernels, Memory,
    ParamSpec, Plugin, Precision, Scheduled, SettingError,
};
use tanren_tensor::{Extent, Shape, ShapeError};

/// Gates, with the new state.
const GATES: usize = 3;

/// Where the reset gate works.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Reset {
    /// On the product of the state.
    #[default]
    After,
    /// On the state, before the product.
    Before,
}

/// A gated recurrent unit. Its blocks are `weight` (3·units × inputs), `recurrent` (3·units × units) and
/// `bias` (3·units × 1), each with the rows of r, z and n, and, where the reset comes after the product,
/// `recurrent-bias` (units × 1); with layer normalisation also `weight-gain` and `recurrent-gain` (3·units × 1).
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[setting(also = Self::has_one_product)]
pub struct Gru {
    /// Rows of the state and of the output, at least 1.
    #[setting(from = 1)]
    pub units: usize,
    /// φ, of the new state, without parameters; `tanh` unless said.
    #[serde(default = "defaults::tanh")]
    pub activation: Plugin<dyn Activation>,
    /// σ, of the gates, without parameters; `sigmoid` unless said.
    #[serde(default = "defaults::sigmoid")]
    pub gate_activation: Plugin<dyn Activation>,
    /// Where the reset gate works; after the product unless said.
    #[serde(default)]
    pub reset: Reset,
    /// Whether the products with the inputs and with the state are normalised, each over the features of all
    /// gates; they are not unless said. The reset must come after the product.
    #[serde(default)]
    pub layer_norm: bool,
    /// Initial weights of the inputs, of each gate by itself; `xavier-uniform` unless said.
    #[serde(default = "defaults::xavier_uniform")]
    pub init: Plugin<dyn Init>,
    /// Initial weights of the state, of each gate by itself; `orthogonal` unless said.
    #[serde(default = "defaults::orthogonal")]
    pub recurrent_init: Plugin<dyn Init>,
    /// Initial biases; zero unless said.
    #[serde(default = "defaults::zero")]
    pub bias_init: Plugin<dyn Init>,
    /// The share of the state's units that products with the state do not see, a number or a schedule, from 0
    /// to below 1: the same units at all steps of a sequence, in training; 0 unless said.
    #[serde(default = "defaults::no_dropout")]
    #[setting(from = 0, below = 1)]
    pub recurrent_dropout: Scheduled,
}

impl Gru {
    /// A layer of so many units, whose reset comes after the product.
    #[must_use]
    pub fn new(units: usize) -> Self {
        Self {
            units,
            activation: defaults::tanh(),
            gate_activation: defaults::sigmoid(),
            reset: Reset::After,
            layer_norm: false,
            init: defaults::xavier_uniform(),
            recurrent_init: defaults::orthogonal(),
            bias_init: defaults::zero(),
            recurrent_dropout: defaults::no_dropout(),
        }
    }

    /// The same layer, whose reset comes before the product.
    #[must_use]
    pub fn reset_before(self) -> Self {
        Self { reset: Reset::Before, ..self }
    }

    /// The same layer with layer normalisation.
    #[must_use]
    pub fn with_layer_norm(self) -> Self {
        Self { layer_norm: true, ..self }
    }

    /// The same layer, which drops this share of its state.
    #[must_use]
    pub fn recurrent_dropout(self, share: impl Into<Scheduled>) -> Self {
        Self { recurrent_dropout: share.into(), ..self }
    }

    /// Whether derivatives need the numbers that enter the gates.
    fn keeps_inputs(&self) -> bool {
        self.activation.needs_input() || self.gate_activation.needs_input()
    }

    /// Numbers of the gates' inputs that a pass over so many columns keeps.
    fn kept(&self, columns: usize) -> usize {
        if self.keeps_inputs() { GATES * self.units * columns } else { 0 }
    }

    /// Where the gates' inputs are, if they are kept, of gates that are there.
    fn kept_at(&self, gates: Range<usize>) -> Range<usize> {
        if self.keeps_inputs() { gates } else { 0..0 }
    }

    /// Where the normalisation of W x and of U h has its blocks.
    fn normed(&self) -> [Option<Place>; 2] {
        let place = |gain| Place { gain, shift: None, rows: GATES * self.units };
        [4, 5].map(|gain| self.layer_norm.then_some(place(gain)))
    }

    /// Whether U meets the state in one product, if that is normalised.
    fn has_one_product(&self) -> Result<(), SettingError> {
        match (self.layer_norm, self.reset) {
            (true, Reset::Before) => {
                let expected =
                    "false with `reset = \"before\"`, which multiplies the state in two products";
                Err(SettingError::new("layer-norm", expected, true))
            }
            _ => Ok(()),
        }
    }
}

#[typetag::serde(name = "gru")]
impl Layer for Gru {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        plain(&self.activation, self.units)?;
        plain(&self.gate_activation, self.units)?;
        output(self, inputs, self.units, GATES)
    }

    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let rows = GATES * self.units;
        let each = |init: &Plugin<dyn Init>| Stacked::new(vec![init.clone(); GATES]).into();
        let inits = [each(&self.init), each(&self.recurrent_init)];
        let mut params = weights((rows, self.units), inputs[0], inits);
        let bias =
            ParamSpec::bias("bias", rows).init(Stacked::new(vec![self.bias_init.clone(); GATES]));
        params.push(ParamSpec { fan: params[0].fan, ..bias });
        if self.reset == Reset::After {
            let bias = ParamSpec::bias("recurrent-bias", self.units).init(self.bias_init.clone());
            params.push(ParamSpec { fan: params[1].fan, ..bias });
        }
        if self.layer_norm {
            params.extend(["weight-gain", "recurrent-gain"].map(|name| gain(name, rows)));
        }
        params
    }

    fn memory(&self, _: &[Shape], extent: Extent) -> Memory {
        let (size, columns) = (self.units * extent.examples, extent.examples * extent.steps);
        // The state before the first step; ∂h; and room for ∂ of each gate, or ∂z, ∂s and ∂ of a column.
        let (own, scratch) = match self.reset {
            Reset::After => (GATES, (2 + GATES) * size), // U hₜ₋₁
            Reset::Before => (1, 4 * size + GATES * self.units), // r ⊙ hₜ₋₁
        };
        let tape = self.kept(columns) + (GATES + own) * self.units * columns;
        let own = Memory { tape, scratch };
        let own = normed::memory(own, self.normed(), extent);
        state_dropout::memory(own, &self.recurrent_dropout, self.units, extent)
    }

    fn carry(&self, _: &[Shape]) -> usize {
        self.units
    }

    fn facts(&self) -> Facts {
        let (new, gate) = (self.activation.facts(), self.gate_activation.facts());
        let (smooth, disturbs) = (new.smooth && gate.smooth, !self.recurrent_dropout.is_zero());
        // Between 0 and 1, z takes a mean of n and the state before.
        let within = gate.range.0 >= 0.0 && gate.range.1 <= 1.0;
        let zero = (new.range.0.min(0.0), new.range.1.max(0.0));
        let range = if within { zero } else { Facts::default().range };
        Facts { smooth, range, disturbs, ..Facts::default() }
    }

    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Precision> LayerKernel<T> for Gru {
    fn forward(&self, pass: Forward<'_, T>) {
        match self.reset {
            Reset::After => after::forward(self, pass),
            Reset::Before => before::forward(self, pass),
        }
    }

    fn backward(&self, pass: Backward<'_, T>) {
        match self.reset {
            Reset::After => after::backward(self, pass),
            Reset::Before => before::backward(self, pass),
        }
    }
}
