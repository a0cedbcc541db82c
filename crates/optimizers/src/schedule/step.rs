//! `step`: value · factor^⌊t/every⌋.
//!
//! t count of epochs, samples or iterations.

use crate::Unit;
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::num::NonZeroU64;
use tanren_plugin::{Checked, Clock, Counts, Schedule, SettingError};

/// A staircase: multiplied by `factor` after every `every` units.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The number at the start, above 0.
    #[setting(above = 0)]
    pub value: f64,
    /// What it is multiplied by at each step, above 0 and at most 1; 0.1 unless said.
    #[serde(default = "tenth")]
    #[setting(above = 0, to = 1)]
    pub factor: f64,
    /// Units from step to step, at least 1.
    #[serde(deserialize_with = "every")]
    pub every: NonZeroU64,
    /// What is counted; epochs unless said.
    #[serde(default)]
    pub unit: Unit,
}

impl Step {
    /// `value`, multiplied by `factor` after every `every` epochs.
    #[must_use]
    pub const fn new(value: f64, factor: f64, every: NonZeroU64) -> Self {
        Self { value, factor, every, unit: Unit::Epochs }
    }
}

fn tenth() -> f64 {
    0.1
}

fn every<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NonZeroU64, D::Error> {
    at_least_one("every", deserializer)
}

/// A length called `over`.
pub(super) fn over<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NonZeroU64, D::Error> {
    at_least_one("over", deserializer)
}

/// A count that cannot be 0, by the name of its setting.
pub(super) fn at_least_one<'de, D: Deserializer<'de>>(
    setting: &str,
    deserializer: D,
) -> Result<NonZeroU64, D::Error> {
    struct AtLeastOne;

    impl Visitor<'_> for AtLeastOne {
        type Value = u64;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a whole number, 1 or more")
        }

        fn visit_u64<E: Error>(self, count: u64) -> Result<u64, E> {
            Ok(count)
        }

        fn visit_i64<E: Error>(self, count: i64) -> Result<u64, E> {
            u64::try_from(count).map_err(|_| E::invalid_value(Unexpected::Signed(count), &self))
        }
    }

    NonZeroU64::new(deserializer.deserialize_u64(AtLeastOne)?)
        .ok_or_else(|| D::Error::custom(SettingError::new(setting, "at least 1", 0)))
}

#[typetag::serde(name = "step")]
impl Schedule for Step {
    fn at(&self, clock: Clock) -> f64 {
        let steps = self.unit.count(clock) / self.every;
        self.value * self.factor.powf(steps as f64)
    }

    fn extent(&self) -> Option<(f64, f64)> {
        Some((if self.factor < 1.0 { 0.0 } else { self.value }, self.value))
    }

    fn counts(&self) -> Counts {
        self.unit.into()
    }
}
