//! `log-normal`: e^x of normal numbers x, whatever the size of the layer. All are above 0.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Fan, Init};
use tanren_tensor::Draws;

/// Numbers whose logarithms are normal.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct LogNormal {
    /// The mean of the logarithms, from −300 to 300.
    #[setting(from = -300, to = 300)]
    pub mean: f64,
    /// The standard deviation of the logarithms, from 0 to 30.
    #[setting(from = 0, to = 30)]
    pub std: f64,
}

impl Default for LogNormal {
    fn default() -> Self {
        Self { mean: 0.0, std: 1.0 }
    }
}

#[typetag::serde(name = "log-normal")]
impl Init for LogNormal {
    fn fill(&self, _: Fan, _: usize, draws: &mut Draws, values: &mut [f64]) {
        values.fill_with(|| (self.mean + self.std * draws.normal()).exp());
    }
}
