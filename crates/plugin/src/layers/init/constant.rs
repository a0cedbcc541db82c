//! `constant`: the same number everywhere. For biases; weights need to differ from each other.

use crate::{Checked, Fan, Init};
use serde::{Deserialize, Serialize};
use tanren_tensor::Draws;

/// The same number everywhere.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Constant {
    /// The number, finite.
    pub value: f64,
}

#[typetag::serde(name = "constant")]
impl Init for Constant {
    fn fill(&self, _: Fan, _: usize, _: &mut Draws, values: &mut [f64]) {
        values.fill(self.value);
    }
}
