//! `constant`: the same number at all times.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Clock, Counts, Schedule};

/// The same number at all times; a bare number means the same.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Constant {
    /// The number.
    pub value: f64,
}

#[typetag::serde(name = "constant")]
impl Schedule for Constant {
    fn at(&self, _: Clock) -> f64 {
        self.value
    }

    fn extent(&self) -> Option<(f64, f64)> {
        Some((self.value, self.value))
    }

    fn counts(&self) -> Counts {
        Counts::NOTHING
    }
}
