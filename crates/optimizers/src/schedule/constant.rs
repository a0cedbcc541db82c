//! `constant`: the same number at all times.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Clock, Schedule};

/// The same number at all times.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Constant {
    /// The number, above 0.
    #[setting(above = 0)]
    pub value: f64,
}

#[typetag::serde(name = "constant")]
impl Schedule for Constant {
    fn at(&self, _: Clock) -> f64 {
        self.value
    }
}
