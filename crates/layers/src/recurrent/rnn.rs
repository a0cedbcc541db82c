//! `rnn`: hₜ = f(W xₜ + U hₜ₋₁ + b), the simple recurrent layer.
//!
//! x input, h state and output, W units × inputs, U units × units, b units × 1, f the activation.
//! With `layer-norm`, W xₜ and U hₜ₋₁ are normalised, each by itself. Backward, from the last step to the first:
//! ∂zₜ = (∂yₜ + Uᵀ ∂zₜ₊₁) ⊙ f′(zₜ). Source: Elman (1990), *Finding structure in time*.

use super::normed::{self, Normed, Place, gain};
use super::state_dropout::{self, StateDropout};
use super::{
    RECURRENT, apply, differentiate, ended, gradients, note, output, plain, several, stay, weights,
};
use crate::defaults;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Activation, Backward, Checked, Facts, Forward, Init, Layer, LayerKernel, LayerKernels, Memory,
    ParamSpec, Plugin, Precision, Scheduled, SettingError,
};
use tanren_tensor::{Extent, Shape, ShapeError, Signal, SignalMut, Write, add_scaled, mat};

/// A simple recurrent layer. Its blocks are `weight` (units × inputs), `recurrent` (units × units),
/// `bias` (units × 1) and, with layer normalisation, `weight-gain` and `recurrent-gain` (units × 1).
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[setting(also = Self::several)]
pub struct Rnn {
    /// Rows of the state and of the output, at least 1.
    #[setting(from = 1)]
    pub units: usize,
    /// f, without parameters; `tanh` unless said.
    #[serde(default = "defaults::tanh")]
    pub activation: Plugin<dyn Activation>,
    /// Whether the products with the inputs and with the state are normalised, each over its features; they are
    /// not unless said.
    #[serde(default)]
    pub layer_norm: bool,
    /// Initial weights of the inputs; `xavier-uniform` unless said.
    #[serde(default = "defaults::xavier_uniform")]
    pub init: Plugin<dyn Init>,
    /// Initial weights of the state; `orthogonal` unless said.
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

impl Rnn {
    /// A layer of so many units.
    #[must_use]
    pub fn new(units: usize) -> Self {
        Self {
            units,
            activation: defaults::tanh(),
            layer_norm: false,
            init: defaults::xavier_uniform(),
            recurrent_init: defaults::orthogonal(),
            bias_init: defaults::zero(),
            recurrent_dropout: defaults::no_dropout(),
        }
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

    /// Numbers of z that the derivative of the activation needs.
    fn kept(&self, columns: usize) -> usize {
        if self.activation.needs_input() { self.units * columns } else { 0 }
    }

    /// Whether there is something to normalise.
    fn several(&self) -> Result<(), SettingError> {
        several(self.layer_norm, self.units)
    }

    /// Where the normalisation of W x and of U h has its blocks.
    fn normed(&self) -> [Option<Place>; 2] {
        [3, 4].map(|gain| self.layer_norm.then_some(Place { gain, shift: None, rows: self.units }))
    }
}

#[typetag::serde(name = "rnn")]
impl Layer for Rnn {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        plain(&self.activation, self.units)?;
        output(self, inputs, self.units, 1)
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let inits = [self.init.clone(), self.recurrent_init.clone()];
        let mut params = weights((self.units, self.units), inputs[0], inits);
        let fan = params[0].fan;
        let bias = ParamSpec::bias("bias", self.units).init(self.bias_init.clone());
        params.push(ParamSpec { fan, ..bias });
        if self.layer_norm {
            params.extend(["weight-gain", "recurrent-gain"].map(|name| gain(name, self.units)));
        }
        params
    }
    fn memory(&self, _: &[Shape], extent: Extent) -> Memory {
        let tape = self.kept(extent.examples * extent.steps);
        // ∂h of one step; on the way forward, U h of one.
        let own = Memory { tape, scratch: self.units * extent.examples };
        let own = normed::memory(own, self.normed(), extent);
        state_dropout::memory(own, &self.recurrent_dropout, self.units, extent)
    }
    fn carry(&self, _: &[Shape]) -> usize {
        self.units
    }
    fn facts(&self) -> Facts {
        let disturbs = !self.recurrent_dropout.is_zero();
        Facts { link: None, disturbs, ..self.activation.facts() }
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Precision> LayerKernel<T> for Rnn {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let (units, Extent { examples, steps }) = (self.units, pass.pass.extent);
        let (size, kept) = (units * examples, self.kept(1) > 0);
        let mut dropout = StateDropout::forward(&self.recurrent_dropout, units, &mut pass);
        let [mut of_inputs, mut of_state] =
            self.normed().map(|place| Normed::forward(place, &mut pass));
        let (tape, room) = (pass.take_tape(self.kept(examples * steps)), pass.take_scratch(size));
        let activation = self.activation.kernels().at::<T>();
        of_inputs.project(pass.params, pass.inputs[0], &mut pass.output);
        if let Some(carry) = &mut pass.carry {
            carry.outgoing.copy_from(&carry.incoming);
        }
        for t in 0..steps {
            let (past, now) = pass.output.data().split_at_mut(t * size);
            let h = &mut now[..size];
            let before = match (t, &pass.carry) {
                (0, carry) => carry.as_ref().map(|carry| carry.incoming),
                _ => Some(mat(&past[(t - 1) * size..], units, examples)),
            };
            if let Some(before) = before {
                let product = (pass.params.matrix(RECURRENT), dropout.see(t, before));
                of_state.add_product(pass.pass, product, (t * examples, &mut *h), room);
            }
            if kept {
                tape[t * size..][..size].copy_from_slice(h);
            }
            apply(activation, h, units);
            for (n, h) in h.chunks_exact_mut(units).enumerate() {
                if ended(pass.pass, t, n) {
                    stay(h, before, n);
                }
            }
            if let Some(carry) = pass.carry.as_mut().filter(|carry| t < carry.after) {
                carry.outgoing.copy_from(&mat(h, units, examples));
            }
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (u, Extent { examples, steps }) = (pass.params.matrix(RECURRENT), pass.pass.extent);
        let (units, size) = (self.units, self.units * examples);
        let mut dropout = StateDropout::backward(&self.recurrent_dropout, units, &mut pass);
        let [mut of_inputs, mut of_state] =
            self.normed().map(|place| Normed::backward(place, &mut pass));
        let (z, y) = (pass.take_tape(self.kept(examples * steps)), pass.output);
        let (dh, start) = (pass.take_scratch(size), pass.carry);
        let activation = self.activation.kernels().at::<T>();
        dh.fill(T::ZERO);
        for t in (0..steps).rev() {
            let columns = t * size..(t + 1) * size;
            let dz = &mut pass.upstream.data()[columns.clone()];
            note(pass.states.get_mut(t).map(|state| &mut state.later), &[dh]);
            add_scaled(Write::Add, T::ONE, dh, dz);
            dh.copy_from_slice(dz);
            note(pass.states.get_mut(t).map(|state| &mut state.total), &[dh]);
            let z = if z.is_empty() { &[] } else { &z[columns.clone()] };
            differentiate(activation, (z, &y.data()[columns]), dz, units);
            let own = dh.chunks_exact_mut(units).zip(dz.chunks_exact_mut(units));
            for (n, (dh, dz)) in own.enumerate() {
                match ended(pass.pass, t, n) {
                    true => dz.fill(T::ZERO), // h stayed: all of ∂h goes to the step before
                    false => dh.fill(T::ZERO),
                }
            }
            of_state.differentiate(t * examples, dz);
            let product = mat(of_state.seen(t * examples, dz), units, examples);
            dropout.add_gradient(pass.pass, (u, product), dh);
        }
        let dz = std::mem::replace(&mut pass.upstream, SignalMut::new(&mut [], units)).into_data();
        of_inputs.differentiate(0, dz);
        let signal = |data| Signal::new(data, units);
        let (own, both) = (of_state.seen(0, dz), [&*dz, of_inputs.seen(0, dz)]);
        gradients(&mut pass, both.map(signal), |pass, write, du| {
            dropout.weight_gradient(pass, write, signal(own).matrix(), (y, start), du);
        });
        [of_inputs, of_state].iter().for_each(|normed| normed.gradients(&mut pass.grads));
    }
}
