//! `Segments`: batches of long sequences, cut into pieces for truncated back-propagation through time.
//!
//! Source: Williams and Peng (1990), *An efficient gradient-based algorithm for on-line training of
//! recurrent network trajectories*. States pass from piece to piece, gradients do not.

use std::ops::Range;
use tanren_plugin::{Batch, Batches, Segment, Weights};
use tanren_tensor::{Extent, Indices, Input, Real, Signal};

/// The batches of `inner`, each cut into segments of so many time steps; the last one may be shorter.
///
/// Every batch counts as many segments as the longest sequences have, so that a position in an epoch is
/// one number; those beyond the end of a batch are empty and make no update.
#[derive(Debug)]
pub struct Segments<B> {
    inner: B,
    steps: usize,
    each: usize,
    /// The epoch and the batch that `inner` holds.
    loaded: Option<(u64, usize)>,
    /// The segment of it.
    part: usize,
}

impl<B> Segments<B> {
    /// Cuts the sequences of `inner`, of which the longest have `longest` steps, after every `steps`.
    ///
    /// # Panics
    /// When `steps` is 0.
    #[must_use]
    pub fn new(inner: B, longest: usize, steps: usize) -> Self {
        assert!(steps > 0, "a segment has at least one time step");
        Self { inner, steps, each: longest.div_ceil(steps).max(1), loaded: None, part: 0 }
    }
}

impl<T: Real, B: Batches<T>> Batches<T> for Segments<B> {
    fn per_epoch(&self) -> usize {
        self.inner.per_epoch() * self.each
    }

    fn load(&mut self, epoch: u64, index: usize) {
        let batch = index / self.each;
        if self.loaded != Some((epoch, batch)) {
            self.inner.load(epoch, batch);
            self.loaded = Some((epoch, batch));
        }
        self.part = index % self.each;
    }

    fn batch(&self) -> Batch<'_, T> {
        let whole = self.inner.batch();
        let Extent { examples, steps } = whole.extent;
        let first = (self.part * self.steps).min(steps);
        let here = self.steps.min(steps - first);
        let columns = first * examples..(first + here) * examples;
        Batch {
            extent: Extent { examples, steps: here },
            inputs: whole.inputs.iter().map(|&x| cut(x, whole.extent, &columns)).collect(),
            targets: whole.targets.iter().map(|&x| cut(x, whole.extent, &columns)).collect(),
            weights: Weights {
                columns: whole.weights.columns.map(|w| &w[columns.clone()]),
                mask: whole.weights.mask.map(|m| &m[columns.clone()]),
                ..whole.weights
            },
            segment: Some(Segment { first, after: here }),
            ..whole
        }
    }
}

/// Some columns of a signal that has time, or all of one that has none.
fn cut<'a, T: Real>(input: Input<'a, T>, whole: Extent, columns: &Range<usize>) -> Input<'a, T> {
    // Where there is one step only, a signal without time is a segment of itself.
    let time = whole.steps > 1 || columns.is_empty();
    let all = whole.examples * whole.steps;
    match input {
        Input::Dense(x) if time && x.columns() == all => {
            let width = x.features();
            Input::Dense(Signal::new(&x.data()[columns.start * width..columns.end * width], width))
        }
        Input::Indices(Indices { data, levels }) if time && data.len() == all => {
            Input::Indices(Indices { data: &data[columns.clone()], levels })
        }
        other => other,
    }
}
