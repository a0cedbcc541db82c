//! `Forward`: what a layer is handed to compute its output.

use crate::{Carry, Params, Pass};
use std::ops::Range;
use tanren_tensor::{Input, Real, SignalMut};

/// A forward pass through one node.
///
/// A layer that wraps another takes its own numbers off the tape and the scratch
/// ([`Forward::take_tape`], [`Forward::take_scratch`]), and hands the rest on, with whatever else it
/// changes: `inner.forward(pass.params(changed))`. Where there are several inner layers, each gets a
/// pass of its own from [`Forward::inner`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Forward<'a, T: Real> {
    /// Mode, clock, randomness, extent, weights, shapes.
    pub pass: &'a Pass<'a, T>,
    /// The node's parameters and statistics.
    pub params: Params<'a, T>,
    /// The inputs, in the order of the node's edges.
    pub inputs: &'a [Input<'a, T>],
    /// To be filled for the backward pass; as long as [`Memory::tape`](crate::Memory::tape) said.
    pub tape: &'a mut [T],
    /// Free to use, as long as [`Memory::scratch`](crate::Memory::scratch) said.
    pub scratch: &'a mut [T],
    /// For layers with a carry, inside a run over segments. Without one, start from zeros.
    pub carry: Option<Carry<'a, T>>,
    /// To be written whole.
    pub output: SignalMut<'a, T>,
    /// For layers with a [`term`](crate::Layer::term): one value for each column of the output, to be
    /// written whole. Empty for others, and inside a layer that has no term: then it is not written.
    pub term: &'a mut [f64],
}

impl<'a, T: Real> Forward<'a, T> {
    /// A pass without tape, scratch, carry and term.
    #[must_use]
    pub fn new(
        pass: &'a Pass<'a, T>,
        params: Params<'a, T>,
        inputs: &'a [Input<'a, T>],
        output: SignalMut<'a, T>,
    ) -> Self {
        let params = params.by(pass.products);
        let (tape, scratch, carry, term) = (&mut [], &mut [], None, &mut []);
        Self { pass, params, inputs, tape, scratch, carry, output, term }
    }

    /// The same pass, lent to an inner layer. It has no term unless [`Forward::term`] gives it one.
    #[must_use]
    pub fn inner(&mut self) -> Forward<'_, T> {
        Forward {
            pass: self.pass,
            params: self.params,
            inputs: self.inputs,
            tape: self.tape,
            scratch: self.scratch,
            carry: self.carry.as_mut().map(Carry::reborrow),
            output: self.output.reborrow(),
            term: &mut [],
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
        self.params = params.by(self.pass.products);
        self
    }

    /// Lends some of the blocks: an inner layer counts them from 0.
    #[must_use]
    pub fn blocks(mut self, blocks: Range<usize>) -> Self {
        self.params = self.params.blocks(blocks);
        self
    }

    /// Replaces the inputs.
    #[must_use]
    pub const fn inputs(mut self, inputs: &'a [Input<'a, T>]) -> Self {
        self.inputs = inputs;
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

    /// Replaces the carry.
    #[must_use]
    pub fn carry(mut self, carry: Option<Carry<'a, T>>) -> Self {
        self.carry = carry;
        self
    }

    /// Replaces the values of the layer's term.
    #[must_use]
    pub const fn term(mut self, values: &'a mut [f64]) -> Self {
        self.term = values;
        self
    }

    /// Replaces the output.
    #[must_use]
    pub fn output(mut self, output: SignalMut<'a, T>) -> Self {
        self.output = output;
        self
    }
}

/// The first `len` numbers of a slice, which keeps the rest.
pub(crate) fn take<'a, T>(slice: &mut &'a mut [T], len: usize) -> &'a mut [T] {
    let (first, rest) = std::mem::take(slice).split_at_mut(len);
    *slice = rest;
    first
}
