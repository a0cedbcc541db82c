//! `constant`: the same number at all times.

use super::range;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Clock, Schedule, SettingError};

/// The same number at all times.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constant {
    /// The number, above 0.
    pub value: f64,
}

impl Checked for Constant {
    fn check(&self) -> Result<(), SettingError> {
        range::positive("value", self.value)
    }
}

#[typetag::serde(name = "constant")]
impl Schedule for Constant {
    fn at(&self, _: Clock) -> f64 {
        self.value
    }
}
