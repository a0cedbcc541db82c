//! The order of rows, epoch by epoch, and batches cut from it.

use serde::{Deserialize, Serialize};
use tanren_network::{Gather, Prepared};
use tanren_plugin::{Batch, Batches, Checked, Clock, Outline, Phase, Seed};
use tanren_tensor::Real;
use tanren_tensor::profile::{self, Kind};

/// The order in which rows are seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// A new permutation every epoch, keyed by seed and epoch. A batch of all rows has them as they are.
    #[default]
    Shuffled,
    /// As they are.
    Fixed,
}

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
        Self { data, rows, size, order, seed, phase, epoch: None, permutation, gather }
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
            if self.order == Order::Shuffled && !whole {
                let clock = Clock { phase: self.phase, epoch, ..Clock::default() };
                let mut draws = self.seed.stream_at("order", clock).sample(0);
                draws.shuffle(&mut self.permutation);
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
