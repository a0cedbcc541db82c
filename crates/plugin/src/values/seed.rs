//! `Seed`: the one number all randomness of a run follows from.

use crate::{Clock, Kind, Range, SettingType};
use serde::{Deserialize, Serialize};
use tanren_tensor::Stream;

/// The seed of a run. There is nothing else to store: a [`Stream`] is a function of the seed, a
/// name and the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed(pub u64);

impl Default for Seed {
    fn default() -> Self {
        Self(42)
    }
}

impl SettingType for Seed {
    fn kind(range: Range) -> Kind {
        u64::kind(range)
    }
}

impl Seed {
    /// A stream that does not depend on time, such as that of initial weights or of the split.
    #[must_use]
    pub fn stream(self, name: &str) -> Stream {
        Stream::new(self.0, name)
    }

    /// A stream that differs from epoch to epoch and from phase to phase.
    #[must_use]
    pub fn stream_at(self, name: &str, clock: Clock) -> Stream {
        self.key(Stream::new(0, name), clock)
    }

    /// The stream of the same name that belongs to this seed, at this epoch and phase.
    #[must_use]
    pub fn key(self, stream: Stream, clock: Clock) -> Stream {
        stream.seeded(self.0).at(clock.phase.coordinate(), clock.epoch)
    }
}
