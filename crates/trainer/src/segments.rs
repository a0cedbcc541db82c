//! `Segments`: batches of long sequences, cut into pieces for truncated back-propagation through time.

use crate::Truncation;
use tanren_plugin::{Batch, Batches, Outline, Segment, Weights};
use tanren_tensor::{Extent, Real};

/// The batches of `inner`, each cut into segments as a [`Truncation`] says; or whole, without one.
///
/// Every batch counts as many segments as the longest sequences have, so that a position in an epoch is
/// one number; those beyond the end of a batch are empty and make no update.
#[derive(Debug)]
pub struct Segments<T, B> {
    inner: B,
    truncation: Option<Truncation>,
    each: usize,
    /// The epoch and the batch that `inner` holds.
    loaded: Option<(u64, usize)>,
    /// The segment of it.
    part: usize,
    /// What its columns count, where some of them have counted before.
    columns: Vec<T>,
    /// Whether any column of the whole batch counts.
    labelled: bool,
}

impl<T: Real, B: Batches<T>> Segments<T, B> {
    /// Cuts the sequences of `inner`, of which the longest have `longest` steps.
    ///
    /// # Panics
    /// When a segment would have no steps.
    #[must_use]
    pub fn new(inner: B, longest: usize, truncation: impl Into<Option<Truncation>>) -> Self {
        let truncation = truncation.into();
        let each = truncation.map_or(1, |Truncation { forward, .. }| {
            assert!(forward > 0, "a segment has at least one time step");
            longest.div_ceil(forward).max(1)
        });
        let (loaded, part, columns) = (None, 0, Vec::new());
        Self { inner, truncation, each, loaded, part, columns, labelled: true }
    }

    /// Which piece of the loaded batch is the current one, and of how many examples.
    fn piece(&self, truncation: Truncation, extent: Extent) -> (std::ops::Range<usize>, Segment) {
        let (steps, seen) = truncation.segment(self.part, extent.steps);
        let (next, _) = truncation.segment(self.part + 1, extent.steps);
        // A next segment that starts with the sequences starts from zeros, whatever is left for it.
        let after = match next.start - steps.start {
            0 => steps.len(),
            after => after,
        };
        let segment = Segment { seen, labelled: self.labelled, ..Segment::new(steps.start, after) };
        (steps, segment)
    }

    /// Works out what the columns of the current piece count: those seen before nothing.
    fn weigh(&mut self, truncation: Truncation) {
        let Outline { extent, weights, .. } = self.inner.outline();
        let (steps, Segment { seen, .. }) = self.piece(truncation, extent);
        let old = seen * extent.examples;
        let columns = steps.start * extent.examples..steps.end * extent.examples;
        self.columns.clear();
        if old > 0 {
            match weights.columns {
                Some(all) => self.columns.extend_from_slice(&all[columns]),
                None => self.columns.resize(columns.len(), T::ONE),
            }
            self.columns[..old].fill(T::ZERO);
        }
    }
}

impl<T: Real, B: Batches<T>> Batches<T> for Segments<T, B> {
    fn per_epoch(&self) -> usize {
        self.inner.per_epoch() * self.each
    }

    fn load(&mut self, epoch: u64, index: usize) {
        let Some(truncation) = self.truncation else { return self.inner.load(epoch, index) };
        let batch = index / self.each;
        if self.loaded != Some((epoch, batch)) {
            self.inner.load(epoch, batch);
            self.loaded = Some((epoch, batch));
            let columns = self.inner.outline().weights.columns;
            self.labelled = columns.is_none_or(|all| all.iter().any(|&w| w > T::ZERO));
        }
        self.part = index % self.each;
        self.weigh(truncation);
    }

    fn batch(&self) -> Batch<'_, T> {
        let whole = self.inner.batch();
        let Some(truncation) = self.truncation else { return whole };
        let (steps, segment) = self.piece(truncation, whole.extent);
        let part = whole.cut(steps);
        let columns = if segment.seen > 0 { Some(&*self.columns) } else { part.weights.columns };
        Batch { segment: Some(segment), weights: Weights { columns, ..part.weights }, ..part }
    }

    fn outline(&self) -> Outline<'_, T> {
        match self.truncation {
            None => self.inner.outline(),
            Some(_) => self.batch().outline(),
        }
    }
}
