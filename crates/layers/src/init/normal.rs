//! `normal`: normal numbers of a mean and a standard deviation, whatever the size of the layer.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Fan, Init};
use tanren_tensor::Draws;

/// Normal numbers.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Normal {
    /// Their mean, finite.
    pub mean: f64,
    /// Their standard deviation, from 0 on.
    #[setting(from = 0)]
    pub std: f64,
}

impl Default for Normal {
    fn default() -> Self {
        Self { mean: 0.0, std: 0.05 }
    }
}

#[typetag::serde(name = "normal")]
impl Init for Normal {
    fn fill(&self, _: Fan, _: usize, draws: &mut Draws, values: &mut [f64]) {
        values.fill_with(|| self.mean + self.std * draws.normal());
    }
}
