//! The order of rows, epoch by epoch, and batches cut from it.

use serde::{Deserialize, Serialize};
use tanren_network::{Gather, Prepared};
use tanren_plugin::{Batch, Batches, Checked, Clock, Outline, Phase, Seed};
use tanren_tensor::profile::{self, Kind};
use tanren_tensor::{Draws, Real};

/// The order in which rows are seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// A new permutation every epoch, keyed by seed and epoch. A batch of all rows has them as they are.
    #[default]
    Shuffled,
    /// As they are.
    Fixed,
    /// Rows of about the same length in the same batch, so that little of it is padding: a permutation like that of
    /// `shuffled`, of which rows for 64 batches at a time are sorted by their length; then the batches are shuffled.
    ByLength,
}

/// Batches whose rows are sorted together: each epoch draws other ones.
const POOL: usize = 64;

/// Mini-batches of some rows of prepared data.
#[derive(Debug)]
pub struct RowBatches<'a, T> {
    data: &'a Prepared<T>,
    rows: &'a [usize],
    size: usize,
    order: Order,
    seed: Seed,
    phase: Phase,
    /// The order of `epoch`, kept while batches of one epoch are asked for.
    epoch: Option<u64>,
    permutation: Vec<usize>,
    /// Steps, place and number of the same rows, sorted, and the order of their batches; empty unless by length.
    sorted: Vec<(usize, usize, usize)>,
    batches: Vec<usize>,
    gather: Gather<T>,
}

impl<'a, T: Real> RowBatches<'a, T> {
    /// Batches of `size` of `rows`, the last one of an epoch possibly smaller.
    #[must_use]
    pub fn new(
        data: &'a Prepared<T>,
        rows: &'a [usize],
        size: usize,
        order: Order,
        (seed, phase): (Seed, Phase),
    ) -> Self {
        let (permutation, gather) = (Vec::with_capacity(rows.len()), Gather::default());
        let (sorted, batches, epoch) = (Vec::new(), Vec::new(), None);
        Self { data, rows, size, order, seed, phase, epoch, permutation, sorted, batches, gather }
    }

    /// Sorts the permutation, all but the rows of a last, smaller batch.
    fn sort_by_length(&mut self, mut draws: Draws) {
        let Self { data, size, permutation, sorted, batches, .. } = self;
        let full = permutation.len() / *size;
        let rows = &mut permutation[..full * *size];
        sorted.clear();
        // Rows of one length stay in the order in which they were drawn.
        sorted.extend(rows.iter().enumerate().map(|(place, &row)| (data.steps(row), place, row)));
        sorted.chunks_mut(POOL.saturating_mul(*size)).for_each(<[_]>::sort_unstable);
        batches.clear();
        batches.extend(0..full);
        draws.shuffle(batches);
        for (to, &from) in rows.chunks_exact_mut(*size).zip(&*batches) {
            let batch = &sorted[from * *size..][..*size];
            to.iter_mut().zip(batch).for_each(|(to, &(.., row))| *to = row);
        }
    }
}

impl<T: Real> Batches<T> for RowBatches<'_, T> {
    fn per_epoch(&self) -> usize {
        self.rows.len().div_ceil(self.size)
    }

    fn load(&mut self, epoch: u64, index: usize) {
        let _span = profile::span(Kind::Data);
        // In a batch of all rows their order is of no consequence but for rounding: it stays.
        let whole = self.rows.len() <= self.size;
        if whole && self.epoch.is_some() {
            return;
        }
        if self.epoch != Some(epoch) {
            self.epoch = Some(epoch);
            self.permutation.clear();
            self.permutation.extend_from_slice(self.rows);
            if self.order != Order::Fixed && !whole {
                let clock = Clock { phase: self.phase, epoch, ..Clock::default() };
                let mut draws = self.seed.stream_at("order", clock).sample(0);
                draws.shuffle(&mut self.permutation);
                if self.order == Order::ByLength {
                    self.sort_by_length(draws);
                }
            }
        }
        let start = (index * self.size).min(self.rows.len());
        let end = (start + self.size).min(self.rows.len());
        self.gather.fill(self.data, &self.permutation[start..end]);
    }

    fn batch(&self) -> Batch<'_, T> {
        self.gather.filled(self.data)
    }

    fn outline(&self) -> Outline<'_, T> {
        self.gather.outline()
    }
}
