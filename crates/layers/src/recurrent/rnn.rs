//! `rnn`: hₜ = f(W xₜ + U hₜ₋₁ + b), the simple recurrent layer.
//!
//! x input, h state and output, W units × inputs, U units × units, b units × 1, f the activation.
//! Backward, from the last step to the first: ∂zₜ = (∂yₜ + Uᵀ ∂zₜ₊₁) ⊙ f′(zₜ). Source: Elman (1990),
//! *Finding structure in time*.

use super::state_dropout::{self, StateDropout};
use super::{
    BIAS, RECURRENT, apply, differentiate, ended, gradients, output, plain, stay, weights,
};
use crate::{defaults, linear};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Activation, Backward, Checked, Facts, Forward, Init, Layer, LayerKernel, LayerKernels, Memory,
    ParamSpec, Plugin, Precision, Scheduled,
};
use tanren_tensor::{
    Extent, Shape, ShapeError, Signal, SignalMut, Write, add_scaled, mat, mat_mut,
};

/// A simple recurrent layer. Its blocks are `weight` (units × inputs), `recurrent` (units × units) and
/// `bias` (units × 1).
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rnn {
    /// Rows of the state and of the output, at least 1.
    #[setting(from = 1)]
    pub units: usize,
    /// f, without parameters; `tanh` unless said.
    #[serde(default = "defaults::tanh")]
    pub activation: Plugin<dyn Activation>,
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
            init: defaults::xavier_uniform(),
            recurrent_init: defaults::orthogonal(),
            bias_init: defaults::zero(),
            recurrent_dropout: defaults::no_dropout(),
        }
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
        params
    }
    fn memory(&self, _: &[Shape], extent: Extent) -> Memory {
        let tape = self.kept(extent.examples * extent.steps);
        let own = Memory { tape, scratch: self.units * extent.examples }; // ∂h of one step
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
        let (tape, activation) = (pass.take_tape(self.kept(examples * steps)), &self.activation);
        let activation = activation.kernels().at::<T>();
        linear::project(pass.params, Some(BIAS), pass.inputs[0], &mut pass.output);
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
                let (u, h) = (pass.params.matrix(RECURRENT), mat_mut(h, units, examples));
                pass.pass.product(Write::Add, u, dropout.see(t, before), h);
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
        let (z, y) = (pass.take_tape(self.kept(examples * steps)), pass.output);
        let (dh, start) = (pass.take_scratch(size), pass.carry);
        let activation = self.activation.kernels().at::<T>();
        dh.fill(T::ZERO);
        for t in (0..steps).rev() {
            let columns = t * size..(t + 1) * size;
            let dz = &mut pass.upstream.data()[columns.clone()];
            add_scaled(Write::Add, T::ONE, dh, dz);
            dh.copy_from_slice(dz);
            let z = if z.is_empty() { &[] } else { &z[columns.clone()] };
            differentiate(activation, (z, &y.data()[columns]), dz, units);
            let own = dh.chunks_exact_mut(units).zip(dz.chunks_exact_mut(units));
            for (n, (dh, dz)) in own.enumerate() {
                match ended(pass.pass, t, n) {
                    true => dz.fill(T::ZERO), // h stayed: all of ∂h goes to the step before
                    false => dh.fill(T::ZERO),
                }
            }
            dropout.add_gradient(pass.pass, (u, mat(dz, units, examples)), dh);
        }
        let dz = std::mem::replace(&mut pass.upstream, SignalMut::new(&mut [], units)).into_data();
        let dz = Signal::new(dz, units);
        gradients(&mut pass, dz, |pass, write, du| {
            dropout.weight_gradient(pass, write, dz.matrix(), (y, start), du);
        });
    }
}
