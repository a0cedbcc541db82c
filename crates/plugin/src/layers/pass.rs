//! What is the same for both directions of a pass through one node.

use crate::engine::{Plain, Products};
use crate::{Batch, Clock, Weights};
use std::ops::Range;
use tanren_tensor::{Draws, Extent, Mat, MatMut, Real, Shape, Stream, Write, mat, mat_mut};

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
#[non_exhaustive]
pub struct Pass<'a, T: Real> {
    /// Training or inference.
    pub mode: Mode,
    /// Where the run stands. The same for all probes of one search.
    pub clock: Clock,
    /// The node's own random stream, at this phase and epoch. Numbers for an example come from
    /// [`Pass::draws`] and [`Pass::draws_at`].
    pub stream: Stream,
    /// The identity of each example.
    pub samples: &'a [u64],
    /// How many examples and steps.
    pub extent: Extent,
    /// How many steps of the sequences came before, in earlier segments.
    pub first: usize,
    /// What each column counts; padding counts 0.
    pub weights: Weights<'a, T>,
    /// The shapes of the inputs, as [`Layer::output`](crate::Layer::output) accepted them.
    pub inputs: &'a [Shape],
    /// The shape of the output.
    pub output: Shape,
    /// How products are formed.
    pub(crate) products: &'a dyn Products<T>,
}

impl<'a, T: Real> Pass<'a, T> {
    /// A pass over `batch`, so far of a node without inputs: see [`Pass::between`].
    #[must_use]
    pub const fn new(batch: &Batch<'a, T>, mode: Mode, clock: Clock, stream: Stream) -> Self {
        let first = match batch.segment {
            Some(segment) => segment.first,
            None => 0,
        };
        Self {
            mode,
            clock,
            stream,
            samples: batch.samples,
            first,
            extent: batch.extent,
            weights: batch.weights,
            inputs: &[],
            output: Shape::vector(0),
            products: &Plain,
        }
    }

    /// The same pass, whose products are formed in this way.
    #[must_use]
    pub const fn by(mut self, products: &'a dyn Products<T>) -> Self {
        self.products = products;
        self
    }

    /// The same pass through a node, or through an inner layer, of these shapes.
    #[must_use]
    pub const fn between(mut self, inputs: &'a [Shape], output: Shape) -> Self {
        (self.inputs, self.output) = (inputs, output);
        self
    }

    /// The same pass with random numbers of its own, for one of several inner layers.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.stream = self.stream.named(name);
        self
    }

    /// `C = A B`, or `C += A B`: of two signals, say. For the products of parameters see
    /// [`Params::times`](crate::Params::times).
    pub fn product(&self, write: Write, a: Mat<'_, T>, b: Mat<'_, T>, c: MatMut<'_, T>) {
        self.products.product(write, a, b, c);
    }

    /// `∂W = ∂Z Xᵀ`, or `∂W += ∂Z Xᵀ`: the gradient of weights.
    pub fn outer(&self, write: Write, dz: Mat<'_, T>, x: Mat<'_, T>, dw: MatMut<'_, T>) {
        self.products.outer(write, dz, x, dw);
    }

    /// The random numbers of example `n`, whatever batch it is in: the same at all of its steps, other
    /// ones in every epoch and for every repeated update.
    #[must_use]
    pub fn draws(&self, n: usize) -> Draws {
        self.stream.numbered("repeat", self.clock.repeat).sample(self.samples[n])
    }

    /// The random numbers of example `n` at step `t` of this batch, which are others than those of
    /// [`Pass::draws`]. They do not depend on how its sequence is cut into segments.
    #[must_use]
    pub fn draws_at(&self, n: usize, t: usize) -> Draws {
        let stream = self.stream.numbered("repeat", self.clock.repeat).named("step");
        stream.numbered("", (self.first + t) as u64).sample(self.samples[n])
    }

    /// The steps after which the sequence of example `n` has ended.
    #[must_use]
    pub fn length(&self, n: usize) -> usize {
        let Extent { examples, steps } = self.extent;
        let goes_on = |&t: &usize| self.weights.mask.is_none_or(|m| m[t * examples + n] != T::ZERO);
        (0..steps).take_while(goes_on).count()
    }
}

/// What a recurrent layer remembers between segments: one column per example, as many rows as
/// [`Layer::carry`](crate::Layer::carry) said.
#[derive(Debug)]
#[non_exhaustive]
pub struct Carry<'a, T> {
    /// What the previous segment left, or zeros at the start of a sequence.
    pub incoming: Mat<'a, T>,
    /// What this segment leaves: to be written whole.
    pub outgoing: MatMut<'a, T>,
    /// `outgoing` is taken after this many steps of the segment. Less than all steps when
    /// gradients reach further back than a segment moves forward. An example whose sequence has
    /// ended ([`Weights::mask`]) keeps what it had.
    pub after: usize,
}

impl<'a, T: Real> Carry<'a, T> {
    /// The carry of so many examples, column by column.
    #[must_use]
    pub fn new(incoming: &'a [T], outgoing: &'a mut [T], examples: usize, after: usize) -> Self {
        let rows = incoming.len() / examples;
        let (incoming, outgoing) =
            (mat(incoming, rows, examples), mat_mut(outgoing, rows, examples));
        Self { incoming, outgoing, after }
    }

    /// Some of its rows: the part of an inner layer.
    #[must_use]
    pub fn rows(&mut self, rows: Range<usize>) -> Carry<'_, T> {
        let incoming = self.incoming.rows_range(rows.clone());
        Carry { incoming, outgoing: self.outgoing.rows_range_mut(rows), after: self.after }
    }

    /// The same, for an inner layer.
    #[must_use]
    pub fn reborrow(&mut self) -> Carry<'_, T> {
        self.rows(0..self.incoming.nrows())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_is_as_long_as_its_mask_says() {
        let mask = [1.0_f32, 1.0, 1.0, 0.0, 1.0, 0.0];
        let weights = Weights { mask: Some(&mask), ..Weights::NONE };
        let extent = Extent { examples: 2, steps: 3 };
        let batch = Batch { weights, ..Batch::new(extent, &[0, 1]) };
        let stream = Stream::new(0, "test");
        let pass = Pass::new(&batch, Mode::Training, Clock::default(), stream);
        assert_eq!([0, 1].map(|n| pass.length(n)), [3, 1]);
        let unmasked = Batch::<f32>::new(extent, &[0, 1]);
        let pass = Pass::new(&unmasked, Mode::Training, Clock::default(), stream);
        assert_eq!([0, 1].map(|n| pass.length(n)), [3, 3]);
        assert!(pass.named("part").stream != stream);
    }

    #[test]
    fn rows_of_a_carry_are_those_of_an_inner_layer() {
        let incoming = [1.0_f32, 2.0, 3.0, 4.0, 5.0, 6.0]; // three rows, two examples
        let mut outgoing = [0.0; 6];
        let mut carry = Carry::new(&incoming, &mut outgoing, 2, 1);
        let mut inner = carry.rows(1..3);
        assert_eq!(inner.incoming.column(1).iter().copied().collect::<Vec<_>>(), [5.0, 6.0]);
        let incoming = inner.incoming;
        inner.reborrow().outgoing.copy_from(&incoming);
        carry.rows(0..1).outgoing.fill(9.0);
        assert_eq!(outgoing, [9.0, 2.0, 3.0, 9.0, 5.0, 6.0]);
    }
}
