//! `Clipped` and `ClipCounter`: how much of the steps clipping has cut short.

use serde::{Deserialize, Serialize};
use std::ops::AddAssign;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many of the parts that clipping looked at were too large and became smaller. What a part is
/// depends on the updater: a number, the step of a unit, of a block, or the whole step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clipped {
    /// Parts that were cut.
    pub cut: u64,
    /// All parts.
    pub of: u64,
}

impl Clipped {
    /// The clip rate, in [0, 1]; `None` where nothing clips.
    #[must_use]
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.cut as f64 / self.of as f64)
    }
}

impl AddAssign for Clipped {
    fn add_assign(&mut self, other: Self) {
        *self = Self { cut: self.cut + other.cut, of: self.of + other.of };
    }
}

/// Counts them during a step, whichever thread shapes a part.
#[derive(Debug, Default)]
pub struct ClipCounter {
    cut: AtomicU64,
    of: AtomicU64,
}

impl ClipCounter {
    /// So many parts more, of which some were cut.
    pub fn add(&self, cut: usize, of: usize) {
        self.cut.fetch_add(cut as u64, Ordering::Relaxed);
        self.of.fetch_add(of as u64, Ordering::Relaxed);
    }

    /// What was counted.
    #[must_use]
    pub fn counted(&self) -> Clipped {
        Clipped { cut: self.cut.load(Ordering::Relaxed), of: self.of.load(Ordering::Relaxed) }
    }
}
