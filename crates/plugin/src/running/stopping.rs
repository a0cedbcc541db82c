//! `Stopping`: when to end.

use crate::{Better, Checked, EpochRecord, Reason};
use std::collections::BTreeMap;

/// The finished epochs of a run, and which way each of its scores improves.
#[derive(Clone, Copy, Debug)]
pub struct History<'a> {
    /// The epochs, the first one first.
    pub epochs: &'a [EpochRecord],
    /// Every score of the run, by name, and which way it improves.
    pub scores: &'a BTreeMap<String, Better>,
}

impl<'a> History<'a> {
    /// The score called `name` on the validation rows, epoch by epoch: all epochs that have one.
    pub fn validation(&self, name: &str) -> impl Iterator<Item = f64> {
        self.epochs.iter().filter_map(move |epoch| epoch.validation.get(name)).map(|score| score.0)
    }

    /// Which way the score called `name` improves; `None` when the run has no such score.
    #[must_use]
    pub fn better(&self, name: &str) -> Option<Better> {
        self.scores.get(name).copied()
    }
}

/// A rule that ends training: a pure function of the epochs so far, so that it resumes.
#[typetag::serde(tag = "type")]
pub trait Stopping: Checked {
    /// The scores it looks at, by name. A recipe whose run does not compute one of them is refused
    /// before training starts.
    fn scores(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Why to stop after the last of these epochs, if so.
    fn verdict(&self, history: History<'_>) -> Option<Reason>;
}
