//! `Backward`: what a layer is handed to pass a gradient on.

use super::forward::take;
use crate::engine::{Deferred, Outer};
use crate::{Downstream, Grads, Params, Pass, StateGradient};
use std::ops::Range;
use tanren_tensor::{Input, Mat, Real, Signal, SignalMut};

/// A backward pass through one node, after a forward pass over the same batch.
///
/// Layers that wrap others hand it on as they do a [`Forward`](crate::Forward).
#[derive(Debug)]
#[non_exhaustive]
pub struct Backward<'a, T: Real> {
    /// Mode, clock, randomness, extent, weights, shapes.
    pub pass: &'a Pass<'a, T>,
    /// The node's parameters and statistics, as they were in the forward pass.
    pub params: Params<'a, T>,
    /// The inputs of the forward pass.
    pub inputs: &'a [Input<'a, T>],
    /// The output of the forward pass.
    pub output: Signal<'a, T>,
    /// What the forward pass left. May be overwritten: it is not read again.
    pub tape: &'a mut [T],
    /// Free to use.
    pub scratch: &'a mut [T],
    /// What the forward pass started from, for layers with a carry: a column per example.
    pub carry: Option<Mat<'a, T>>,
    /// ∂loss/∂output. May be overwritten.
    pub upstream: SignalMut<'a, T>,
    /// Where ∂loss/∂input goes, for each input that wants it.
    pub downstream: Downstream<'a, T>,
    /// Where ∂loss/∂parameter goes.
    pub grads: Grads<'a, T>,
    /// For layers with a [`term`](crate::Layer::term): the derivative of the objective with respect
    /// to the term's value of each column. Empty for others, and inside a layer that has no term.
    pub term: &'a [T],
    /// For layers with a carry: the gradient at the state of each step, to be written. Empty unless an observer
    /// wants it, and in a pass from [`Backward::inner`].
    pub states: &'a mut [StateGradient],
    /// Where products may be left for later: not by an inner layer whose upstream gradient, inputs
    /// or blocks are other than the node's.
    deferred: Option<&'a Deferred>,
}

impl<'a, T: Real> Backward<'a, T> {
    /// A pass without tape, scratch and carry, none of whose gradients is needed.
    #[must_use]
    pub fn new(
        pass: &'a Pass<'a, T>,
        params: Params<'a, T>,
        inputs: &'a [Input<'a, T>],
        output: Signal<'a, T>,
        upstream: SignalMut<'a, T>,
    ) -> Self {
        Self {
            pass,
            params: params.by(pass.products),
            inputs,
            output,
            tape: &mut [],
            scratch: &mut [],
            carry: None,
            upstream,
            downstream: Downstream::unwanted(),
            grads: Grads::unwanted(params.views()),
            term: &[],
            states: &mut [],
            deferred: None,
        }
    }

    /// The same pass, lent to an inner layer. It has no term unless [`Backward::term`] gives it one.
    #[must_use]
    pub fn inner(&mut self) -> Backward<'_, T> {
        Backward {
            pass: self.pass,
            params: self.params,
            inputs: self.inputs,
            output: self.output,
            tape: self.tape,
            scratch: self.scratch,
            carry: self.carry,
            upstream: self.upstream.reborrow(),
            downstream: self.downstream.reborrow(),
            grads: self.grads.reborrow(),
            term: &[],
            states: &mut [],
            deferred: None, // the upstream gradient may be changed afterwards
        }
    }

    /// The first `len` numbers of the tape. What remains is the tape from now on.
    ///
    /// # Panics
    /// When the tape is shorter.
    #[must_use]
    pub fn take_tape(&mut self, len: usize) -> &'a mut [T] {
        take(&mut self.tape, len)
    }

    /// The first `len` numbers of the scratch. What remains is the scratch from now on.
    ///
    /// # Panics
    /// When the scratch is shorter.
    #[must_use]
    pub fn take_scratch(&mut self, len: usize) -> &'a mut [T] {
        take(&mut self.scratch, len)
    }

    /// Replaces the pass, and how products are formed.
    #[must_use]
    pub const fn pass(mut self, pass: &'a Pass<'a, T>) -> Self {
        (self.pass, self.params) = (pass, self.params.by(pass.products));
        self
    }

    /// Replaces the parameters.
    #[must_use]
    pub const fn params(mut self, params: Params<'a, T>) -> Self {
        (self.params, self.deferred) = (params.by(self.pass.products), None);
        self
    }

    /// Lends some of the blocks and their gradients: an inner layer counts them from 0.
    #[must_use]
    pub fn blocks(mut self, blocks: Range<usize>) -> Self {
        self.params = self.params.blocks(blocks.clone());
        self.grads = self.grads.blocks(blocks);
        self.deferred = None;
        self
    }

    /// Replaces the inputs.
    #[must_use]
    pub const fn inputs(mut self, inputs: &'a [Input<'a, T>]) -> Self {
        (self.inputs, self.deferred) = (inputs, None);
        self
    }

    /// Replaces the output.
    #[must_use]
    pub const fn output(mut self, output: Signal<'a, T>) -> Self {
        self.output = output;
        self
    }

    /// Replaces the tape.
    #[must_use]
    pub const fn tape(mut self, tape: &'a mut [T]) -> Self {
        self.tape = tape;
        self
    }

    /// Replaces the scratch.
    #[must_use]
    pub const fn scratch(mut self, scratch: &'a mut [T]) -> Self {
        self.scratch = scratch;
        self
    }

    /// Replaces what the forward pass started from.
    #[must_use]
    pub const fn carry(mut self, carry: Option<Mat<'a, T>>) -> Self {
        self.carry = carry;
        self
    }

    /// Replaces the upstream gradient.
    #[must_use]
    pub fn upstream(mut self, upstream: SignalMut<'a, T>) -> Self {
        (self.upstream, self.deferred) = (upstream, None);
        self
    }

    /// Replaces where gradients of inputs go.
    #[must_use]
    pub fn downstream(mut self, downstream: Downstream<'a, T>) -> Self {
        self.downstream = downstream;
        self
    }

    /// Adds the gradients of inputs to what is there, for a second inner layer that reads the same
    /// inputs.
    #[must_use]
    pub fn adding(mut self) -> Self {
        self.downstream = self.downstream.adding();
        self
    }

    /// Replaces where gradients of parameters go.
    #[must_use]
    pub fn grads(mut self, grads: Grads<'a, T>) -> Self {
        (self.grads, self.deferred) = (grads, None);
        self
    }

    /// Replaces the derivatives with respect to the values of the layer's term.
    #[must_use]
    pub const fn term(mut self, derivatives: &'a [T]) -> Self {
        self.term = derivatives;
        self
    }

    /// Says where the gradient at the state of each step goes.
    #[must_use]
    pub const fn states(mut self, states: &'a mut [StateGradient]) -> Self {
        self.states = states;
        self
    }

    /// Says where products may be left for later. For engines.
    #[must_use]
    pub const fn deferred(mut self, deferred: Option<&'a Deferred>) -> Self {
        self.deferred = deferred;
        self
    }

    /// Writes `∂z xᵀ`, the gradient of block `i`, where ∂z is what `upstream` holds now and x the
    /// dense input `input`. The engine may form the product later, piece by piece, while it takes the
    /// step: so neither may `upstream` change afterwards nor the gradient of this block be written
    /// otherwise.
    ///
    /// It is for layers whose `upstream` becomes the gradient of their one product, as that of a dense
    /// layer does. Others, with several weights or with a product of something else than an input, form
    /// each gradient at once: `pass.pass.outer(write, dz, x, dw)` with `dw` from [`Grads::matrix`].
    ///
    /// # Panics
    /// When the input is one of indices.
    pub fn outer_product(&mut self, i: usize, input: usize) {
        let outer = Outer { view: i, input };
        let possible = self.pass.products.deferrable() && self.grads.alone(i);
        if possible && self.deferred.is_some_and(|deferred| deferred.push(outer)) {
            return;
        }
        if let Some((write, gradient)) = self.grads.matrix(i) {
            let x = self.inputs[input].dense().matrix();
            self.pass.outer(write, self.upstream.read().matrix(), x, gradient);
        }
    }
}
