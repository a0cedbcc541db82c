//! `Stopping`: when to end.

use crate::{Better, Checked, Clock, EpochRecord, Number, Reason};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The rows whose scores may end a run. Rows for testing are not among them: what has chosen when to
/// stop can no longer judge the result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Watched {
    /// The rows that are trained on.
    Train,
    /// The rows for validation.
    #[default]
    Validation,
}

impl fmt::Display for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Train => "training",
            Self::Validation => "validation",
        })
    }
}

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
        self.on(Watched::Validation, name)
    }

    /// The score called `name` on these rows, epoch by epoch: all epochs that have one.
    pub fn on(&self, rows: Watched, name: &str) -> impl Iterator<Item = f64> {
        self.epochs
            .iter()
            .filter_map(move |epoch| epoch.scores(rows).get(name))
            .map(|score| score.0)
    }

    /// Which way the score called `name` improves; `None` when the run has no such score.
    #[must_use]
    pub fn better(&self, name: &str) -> Option<Better> {
        self.scores.get(name).copied()
    }
}

impl EpochRecord {
    /// The scores on these rows, by name.
    #[must_use]
    pub const fn scores(&self, rows: Watched) -> &BTreeMap<String, Number> {
        match rows {
            Watched::Train => &self.training,
            Watched::Validation => &self.validation,
        }
    }
}

/// Where a run stands between two updates.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// The clock after the last update.
    pub clock: Clock,
    /// The loss of that update's batch before it, without penalties, if the objective has a value. It
    /// is finite: a run whose loss is not ends as [`Ending::Diverged`](crate::Ending).
    pub loss: Option<f64>,
    /// Seconds the whole run has taken, with the phases before this one.
    pub seconds: f64,
}

/// A rule that ends training. It keeps nothing and is a pure function of what it is shown, so that a
/// run that stopped stays stopped when it is resumed.
#[typetag::serde(tag = "type")]
pub trait Stopping: Checked {
    /// The scores it looks at, by name, and on which rows. A recipe whose run does not compute one of
    /// them is refused before training starts. Those on the training rows are computed after every
    /// epoch exactly if a rule names one.
    fn scores(&self) -> Vec<(Watched, &str)> {
        Vec::new()
    }

    /// Why to stop after the last of these epochs, if so. Asked before every epoch, the first one too.
    fn verdict(&self, history: History<'_>) -> Option<Reason>;

    /// Why to stop within an epoch, if so. Asked after every update, so it should be cheap.
    fn after_update(&self, _progress: Progress) -> Option<Reason> {
        None
    }
}
