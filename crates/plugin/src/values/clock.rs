//! `Clock`: where a run stands. Schedules and random streams are functions of it.

use serde::{Deserialize, Serialize};

/// Which of its phases a run is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Pretraining: the phase of this number, from 0, before training.
    Pretraining(u32),
    /// Training.
    #[default]
    Training,
}

impl Phase {
    /// The coordinate of this phase in a random stream: 0 for training.
    #[must_use]
    pub const fn coordinate(self) -> u64 {
        match self {
            Self::Training => 0,
            Self::Pretraining(number) => number as u64 + 1,
        }
    }
}

/// Where a run stands: all counts start at 0 with each phase.
///
/// It does not tick inside a line search: all probes of one search see the same batch, the same
/// dropout mask and the same noise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// The phase.
    pub phase: Phase,
    /// Full passes over the training data finished in this phase.
    pub epoch: u64,
    /// Updates of the parameters made in this phase.
    pub iteration: u64,
    /// Updates already made on the current batch, where each batch makes several.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub repeat: u64,
    /// Examples seen in this phase.
    pub samples: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
const fn is_zero(n: &u64) -> bool {
    *n == 0
}
