//! `linear`: value + (end − value) t/over, and from `over` on `end`.
//!
//! t count of epochs, samples or iterations.

use super::between::{between, ends, part};
use crate::Unit;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;
use tanren_plugin::{Checked, Clock, Counts, Schedule};

/// From one number to another in a straight line, and stays there.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Linear {
    /// The number at the start.
    pub value: f64,
    /// The number at the end; 0 unless said.
    #[serde(default)]
    pub end: f64,
    /// Units from the start to the end, at least 1.
    #[serde(deserialize_with = "super::step::over")]
    pub over: NonZeroU64,
    /// What is counted; epochs unless said.
    #[serde(default)]
    pub unit: Unit,
}

#[typetag::serde(name = "linear")]
impl Schedule for Linear {
    fn at(&self, clock: Clock) -> f64 {
        between(self.value, self.end, part(self.unit.count(clock), self.over.get()))
    }

    fn extent(&self) -> Option<(f64, f64)> {
        Some(ends(self.value, self.end))
    }

    fn counts(&self) -> Counts {
        self.unit.into()
    }
}
