//! `ones`: 1 everywhere. For factors; weights need to differ from each other.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Fan, Init};
use tanren_tensor::Draws;

/// 1 everywhere.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Ones {}

#[typetag::serde(name = "ones")]
impl Init for Ones {
    fn fill(&self, _: Fan, _: usize, _: &mut Draws, values: &mut [f64]) {
        values.fill(1.0);
    }
}
