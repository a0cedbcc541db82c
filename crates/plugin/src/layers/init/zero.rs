//! `zero`: 0 everywhere. For biases; weights need to differ from each other.

use crate::{Checked, Fan, Init};
use serde::{Deserialize, Serialize};
use tanren_tensor::Draws;

/// 0 everywhere.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Zero {}

#[typetag::serde(name = "zero")]
impl Init for Zero {
    fn fill(&self, _: Fan, _: usize, _: &mut Draws, values: &mut [f64]) {
        values.fill(0.0);
    }
}
