//! `lstm`: long short-term memory, with a cell that keeps what its gates let in.
//!
//! (zᵢ z_f z_g zₒ) = W xₜ + U hₜ₋₁ + b, one above the other;  i = σ(zᵢ + pᵢ ⊙ cₜ₋₁),
//! f = σ(z_f + p_f ⊙ cₜ₋₁), g = φ(z_g);  cₜ = f ⊙ cₜ₋₁ + i ⊙ g;  o = σ(zₒ + pₒ ⊙ cₜ);  hₜ = o ⊙ φ(cₜ).
//!
//! With `layer-norm`, W xₜ and U hₜ₋₁ are normalised, each by itself, and so is cₜ where φ meets it.
//!
//! x input, h output, c cell, i, f, o the input, forget and output gates, g what may enter the cell; W
//! 4·units × inputs, U 4·units × units, b 4·units × 1; σ the gate activation, φ the activation. The
//! peepholes p, units × 3, are there if wanted. Gates lie in the order of PyTorch and Keras. Sources:
//! Hochreiter, Schmidhuber (1997), *Long short-term memory*; Gers, Schmidhuber, Cummins (2000), *Learning
//! to forget* (f, and its bias of 1); Gers, Schraudolph, Schmidhuber (2002), *Learning precise timing with
//! LSTM recurrent networks* (p).

mod cell;
mod kernel;

use super::normed::{self, Place, gain};
use super::{output, plain, several, state_dropout, weights};
use crate::{Constant, Stacked, defaults};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Activation, BlockKind, Checked, Facts, Init, Layer, LayerKernels, Memory, ParamSpec, Plugin,
    Scheduled, SettingError,
};
use tanren_tensor::{Extent, Shape, ShapeError};

/// Gates, with the input of the cell.
const GATES: usize = 4;

/// A long short-term memory. Its blocks are `weight` (4·units × inputs), `recurrent` (4·units × units) and
/// `bias` (4·units × 1), each with the rows of i, f, g and o; `peephole` (units × 3) with columns for i, f and
/// o; and, with layer normalisation, `weight-gain` and `recurrent-gain` (4·units × 1), `cell-gain` and
/// `cell-shift` (units × 1).
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[setting(also = Self::several)]
pub struct Lstm {
    /// Rows of the cell and of the output, at least 1.
    #[setting(from = 1)]
    pub units: usize,
    /// φ, of the cell's input and of the cell, without parameters; `tanh` unless said.
    #[serde(default = "defaults::tanh")]
    pub activation: Plugin<dyn Activation>,
    /// σ, of the gates, without parameters; `sigmoid` unless said.
    #[serde(default = "defaults::sigmoid")]
    pub gate_activation: Plugin<dyn Activation>,
    /// Whether gates see the cell; they do not unless said.
    #[serde(default)]
    pub peepholes: bool,
    /// Whether the products with the inputs and with the state, and the cell on its way to the output, are
    /// normalised, each over its features; they are not unless said.
    #[serde(default)]
    pub layer_norm: bool,
    /// Initial weights of the inputs, of each gate by itself; `xavier-uniform` unless said.
    #[serde(default = "defaults::xavier_uniform")]
    pub init: Plugin<dyn Init>,
    /// Initial weights of the state, of each gate by itself; `orthogonal` unless said.
    #[serde(default = "defaults::orthogonal")]
    pub recurrent_init: Plugin<dyn Init>,
    /// Initial biases of i, g and o; zero unless said.
    #[serde(default = "defaults::zero")]
    pub bias_init: Plugin<dyn Init>,
    /// Initial bias of the forget gate; 1 unless said, so that cells keep what they have at first.
    #[serde(default = "defaults::one")]
    pub forget_bias: f64,
    /// The share of the state's units that products with the state do not see, a number or a schedule, from 0
    /// to below 1: the same units at all steps of a sequence, in training; 0 unless said.
    #[serde(default = "defaults::no_dropout")]
    #[setting(from = 0, below = 1)]
    pub recurrent_dropout: Scheduled,
}

impl Lstm {
    /// A layer of so many units, without peepholes.
    #[must_use]
    pub fn new(units: usize) -> Self {
        Self {
            units,
            activation: defaults::tanh(),
            gate_activation: defaults::sigmoid(),
            peepholes: false,
            layer_norm: false,
            init: defaults::xavier_uniform(),
            recurrent_init: defaults::orthogonal(),
            bias_init: defaults::zero(),
            forget_bias: defaults::one(),
            recurrent_dropout: defaults::no_dropout(),
        }
    }

    /// The same layer with peepholes.
    #[must_use]
    pub fn with_peepholes(self) -> Self {
        Self { peepholes: true, ..self }
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

    /// What a pass over such a batch keeps: the gates, their inputs if derivatives need them, φ(c), and c
    /// of all steps and of the one before. What it uses: the peepholes, and ∂h, ∂c and ∂z of a step, or U h of
    /// one.
    fn memory_of(&self, extent: Extent) -> Memory {
        let (size, columns) = (self.units * extent.examples, extent.examples * extent.steps);
        let width = if self.keeps_inputs() { 2 * GATES + 2 } else { GATES + 2 };
        let tape = width * self.units * columns + size;
        Memory { tape, scratch: self.peephole_len() + (2 + GATES) * size }
    }

    /// Whether there is something to normalise.
    fn several(&self) -> Result<(), SettingError> {
        several(self.layer_norm, self.units)
    }

    /// Where the normalisation of W x, U h and c has its blocks.
    fn normed(&self) -> [Option<Place>; 3] {
        let (first, rows) = (3 + usize::from(self.peepholes), GATES * self.units);
        let product = |gain| Place { gain, shift: None, rows };
        let cell = Place { gain: first + 2, shift: Some(first + 3), rows: self.units };
        [product(first), product(first + 1), cell].map(|place| self.layer_norm.then_some(place))
    }

    /// Numbers in the peepholes.
    const fn peephole_len(&self) -> usize {
        if self.peepholes { 3 * self.units } else { 0 }
    }

    /// Whether derivatives need the numbers that enter the gates.
    fn keeps_inputs(&self) -> bool {
        self.activation.needs_input() || self.gate_activation.needs_input()
    }
}

#[typetag::serde(name = "lstm")]
impl Layer for Lstm {
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
        let fan = params[0].fan;
        let other = || self.bias_init.clone();
        let forget = Constant { value: self.forget_bias }.into();
        let biases = Stacked::new([other(), forget, other(), other()]);
        params.push(ParamSpec { fan, ..ParamSpec::bias("bias", rows).init(biases) });
        if self.peepholes {
            let (kind, shape) = (BlockKind::Gain, (self.units, 3));
            params.push(ParamSpec::new("peephole", kind, shape, defaults::zero()));
        }
        if self.layer_norm {
            let shift = ParamSpec::bias("cell-shift", self.units);
            let gains = [gain("weight-gain", rows), gain("recurrent-gain", rows)];
            params.extend(gains.into_iter().chain([gain("cell-gain", self.units), shift]));
        }
        params
    }

    fn memory(&self, _: &[Shape], extent: Extent) -> Memory {
        let own = normed::memory(self.memory_of(extent), self.normed(), extent);
        state_dropout::memory(own, &self.recurrent_dropout, self.units, extent)
    }

    fn carry(&self, _: &[Shape]) -> usize {
        2 * self.units // h above c
    }

    fn facts(&self) -> Facts {
        let (cell, gate) = (self.activation.facts(), self.gate_activation.facts());
        let corners = [
            gate.range.0 * cell.range.0,
            gate.range.0 * cell.range.1,
            gate.range.1 * cell.range.0,
            gate.range.1 * cell.range.1,
        ];
        let range = match corners.iter().any(|corner| corner.is_nan()) {
            true => Facts::default().range,
            false => corners.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| {
                (low.min(x), high.max(x))
            }),
        };
        let (smooth, disturbs) = (cell.smooth && gate.smooth, !self.recurrent_dropout.is_zero());
        Facts { smooth, range, disturbs, ..Facts::default() }
    }

    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}
