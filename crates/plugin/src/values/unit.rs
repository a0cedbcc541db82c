//! `Unit`: what a schedule counts.

use crate::{Checked, Clock};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a schedule counts. Epochs and samples do not depend on the number of workers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Full passes over the training data: the value changes between them, and never within one.
    #[default]
    Epochs,
    /// Examples seen.
    Samples,
    /// Updates of the parameters.
    Iterations,
}

impl Unit {
    /// How many of them the clock shows.
    #[must_use]
    pub const fn count(self, clock: Clock) -> u64 {
        match self {
            Self::Epochs => clock.epoch,
            Self::Samples => clock.samples,
            Self::Iterations => clock.iteration,
        }
    }

    /// The same clock, which shows another number of them.
    #[must_use]
    pub const fn set(self, clock: Clock, count: u64) -> Clock {
        match self {
            Self::Epochs => Clock { epoch: count, ..clock },
            Self::Samples => Clock { samples: count, ..clock },
            Self::Iterations => Clock { iteration: count, ..clock },
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Epochs => "epochs",
            Self::Samples => "samples",
            Self::Iterations => "iterations",
        })
    }
}
