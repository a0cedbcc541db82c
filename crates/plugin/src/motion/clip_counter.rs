//! `ClipCounter`: how much of a step the updaters of a chain clip.

use std::sync::atomic::{AtomicU64, Ordering};

/// Updaters that are counted each by itself; those of a longer chain are counted with the last of these.
const PLACES: usize = 8;

/// Counts what each updater of a chain clips during a step, whichever thread it works on.
///
/// What is counted depends on the updater: numbers, the steps of units, layers or blocks, or whole steps. So
/// the counts of different updaters are not added up, but for those beyond the eighth.
#[derive(Debug, Default)]
pub struct ClipCounter([Count; PLACES]);

/// What one updater clipped, of what it looked at.
#[derive(Debug, Default)]
struct Count {
    clipped: AtomicU64,
    of: AtomicU64,
}

impl ClipCounter {
    /// The updater at this place of the chain has looked at `of` parts, and clipped so many of them.
    pub(super) fn add(&self, place: usize, clipped: usize, of: usize) {
        let count = &self.0[place.min(PLACES - 1)];
        count.clipped.fetch_add(clipped as u64, Ordering::Relaxed);
        count.of.fetch_add(of as u64, Ordering::Relaxed);
    }

    /// The clip rate of the updater that clips the largest share; `None` where none clips.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        let rates = self.0.iter().filter_map(|count| {
            let of = count.of.load(Ordering::Relaxed);
            (of > 0).then(|| count.clipped.load(Ordering::Relaxed) as f64 / of as f64)
        });
        rates.max_by(f64::total_cmp)
    }
}
