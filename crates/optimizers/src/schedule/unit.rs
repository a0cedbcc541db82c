//! `Unit`: what a schedule counts.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Clock};

/// What a schedule counts. Epochs and samples do not depend on the number of workers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Full passes over the training data.
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
}
