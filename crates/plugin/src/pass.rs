//! What a layer is handed in a forward and in a backward pass.

use crate::{Clock, Grads, Params, Weights};
use std::cell::Cell;
use tanren_tensor::{
    Extent, Input, Real, Shape, Signal, SignalMut, Stream, Write, gemm, transposed,
};

/// Whether a pass serves training or prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Noise is on, batch statistics are used.
    Training,
    /// No noise, stored statistics are used.
    Inference,
}

/// What is the same for both directions of a pass through one node.
#[derive(Clone, Copy, Debug)]
pub struct Pass<'a, T> {
    /// Training or inference.
    pub mode: Mode,
    /// Where the run stands. The same for all probes of one search.
    pub clock: Clock,
    /// The node's own random stream, at this phase and epoch; `stream.sample(samples[n])` gives
    /// the numbers of example `n`, whatever batch it is in.
    pub stream: Stream,
    /// The identity of each example.
    pub samples: &'a [u64],
    /// How many examples and steps.
    pub extent: Extent,
    /// What each column counts; padding counts 0.
    pub weights: Weights<'a, T>,
}

/// What a recurrent layer remembers between segments: (carry size) × examples numbers.
#[derive(Debug)]
pub struct Carry<'a, T> {
    /// What the previous segment left, or zeros at the start of a sequence.
    pub incoming: &'a [T],
    /// What this segment leaves.
    pub outgoing: &'a mut [T],
    /// `outgoing` is taken after this many steps of the segment. Less than all steps when
    /// gradients reach further back than a segment moves forward. An example whose sequence has
    /// ended ([`Weights::mask`]) keeps what it had.
    pub after: usize,
}

/// A forward pass through one node.
#[derive(Debug)]
pub struct Forward<'a, T> {
    /// Mode, clock, randomness, extent, weights.
    pub pass: &'a Pass<'a, T>,
    /// The node's parameters and statistics.
    pub params: Params<'a, T>,
    /// The inputs, in the order of the node's edges.
    pub inputs: &'a [Input<'a, T>],
    /// To be filled for the backward pass; as long as [`Memory::tape`](crate::Memory::tape) said.
    pub tape: &'a mut [T],
    /// Free to use.
    pub scratch: &'a mut [T],
    /// For layers with a carry, inside a run over segments. Without one, start from zeros.
    pub carry: Option<Carry<'a, T>>,
    /// To be written whole.
    pub output: SignalMut<'a, T>,
}

/// A backward pass through one node, after a forward pass over the same batch.
#[derive(Debug)]
pub struct Backward<'a, T> {
    /// Mode, clock, randomness, extent, weights.
    pub pass: &'a Pass<'a, T>,
    /// The node's parameters and statistics, as they were in the forward pass.
    pub params: Params<'a, T>,
    /// The inputs of the forward pass.
    pub inputs: &'a [Input<'a, T>],
    /// The output of the forward pass.
    pub output: Signal<'a, T>,
    /// What the forward pass left.
    pub tape: &'a mut [T],
    /// Free to use.
    pub scratch: &'a mut [T],
    /// What the forward pass started from, for layers with a carry.
    pub carry: Option<&'a [T]>,
    /// ∂loss/∂output. May be overwritten.
    pub upstream: SignalMut<'a, T>,
    /// Where ∂loss/∂input goes, for each input that wants it.
    pub downstream: Downstream<'a, T>,
    /// Where ∂loss/∂parameter goes.
    pub grads: Grads<'a, T>,
    /// Where products may be left for later; `None` for an inner layer, whose upstream gradient and
    /// inputs need not be those of the node.
    pub deferred: Option<&'a Deferred>,
}

impl<T: Real> Backward<'_, T> {
    /// Writes `∂z xᵀ`, the gradient of block `i`, where ∂z is what `upstream` holds now and x the
    /// dense input `input`. The engine may form the product later, piece by piece, while it takes the
    /// step: so neither may `upstream` change afterwards nor the gradient of this block be written
    /// otherwise.
    ///
    /// # Panics
    /// When the input is one of indices.
    pub fn outer_product(&mut self, i: usize, input: usize) {
        let outer = Outer { view: i, input };
        if self.grads.alone(i) && self.deferred.is_some_and(|deferred| deferred.push(outer)) {
            return;
        }
        if let Some((write, gradient)) = self.grads.matrix(i) {
            let x = transposed(self.inputs[input].dense().matrix());
            gemm(write, self.upstream.read().matrix(), x, gradient);
        }
    }
}

/// The gradient of a node's block `view`: its upstream gradient by the transposed input `input`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outer {
    /// The block, by its place in [`Layer::params`](crate::Layer::params).
    pub view: usize,
    /// The input, which is dense.
    pub input: usize,
}

/// Products that a node's backward pass has left to be formed; see [`Backward::outer_product`].
#[derive(Debug, Default)]
pub struct Deferred {
    products: Cell<[Option<Outer>; Self::MOST]>,
}

impl Deferred {
    const MOST: usize = 4;

    /// Takes a product, if there is room.
    fn push(&self, outer: Outer) -> bool {
        let mut products = self.products.get();
        let room = products.iter_mut().find(|place| place.is_none());
        let taken = room.map(|place| *place = Some(outer)).is_some();
        self.products.set(products);
        taken
    }

    /// The products, in the order in which they came.
    pub fn products(&self) -> impl Iterator<Item = Outer> + use<> {
        self.products.get().into_iter().flatten()
    }
}

/// Where the gradient of one input goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Index of the buffer; `None` when nobody wants this gradient.
    pub buffer: Option<usize>,
    /// Shape of the input.
    pub shape: Shape,
    /// Whether this node is the first to write there.
    pub write: Write,
}

/// Gradients with respect to the inputs of a node: buffers, and which edge writes where.
///
/// A kernel serves them in ascending order: where two inputs come from one node, the first
/// overwrites and the second adds.
#[derive(Debug)]
pub struct Downstream<'a, T> {
    buffers: &'a mut [Vec<T>],
    edges: &'a [Edge],
    extent: Extent,
}

impl<'a, T: Real> Downstream<'a, T> {
    /// The `edges` of one node into `buffers` that are long enough for `extent`.
    #[must_use]
    pub const fn new(buffers: &'a mut [Vec<T>], edges: &'a [Edge], extent: Extent) -> Self {
        Self { buffers, edges, extent }
    }

    /// The gradient of input `i`, and how to write it; `None` when nobody wants it.
    #[must_use]
    pub fn get(&mut self, i: usize) -> Option<(Write, SignalMut<'_, T>)> {
        let edge = self.edges[i];
        let buffer = &mut self.buffers[edge.buffer?][..self.extent.len(edge.shape)];
        Some((edge.write, SignalMut::new(buffer, edge.shape.features)))
    }

    /// The same, for an inner layer.
    #[must_use]
    pub const fn reborrow(&mut self) -> Downstream<'_, T> {
        Downstream { buffers: self.buffers, edges: self.edges, extent: self.extent }
    }
}
