//! `Clock`: where a run stands. Schedules and random streams are functions of it.

use serde::{Deserialize, Serialize};

/// What a run is doing: pretraining one node without targets, or fitting the whole network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Greedy pretraining of the node with this index.
    Pretraining(u32),
    /// Ordinary training of all nodes.
    #[default]
    FineTuning,
}

impl Phase {
    /// The coordinate of this phase in a random stream: 0 for fine-tuning.
    #[must_use]
    pub const fn coordinate(self) -> u64 {
        match self {
            Self::FineTuning => 0,
            Self::Pretraining(node) => node as u64 + 1,
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
    /// Examples seen in this phase.
    pub samples: u64,
}
