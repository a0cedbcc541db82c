//! `constant`: the same number at all times.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Clock, Schedule};

/// The same number at all times.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
}
