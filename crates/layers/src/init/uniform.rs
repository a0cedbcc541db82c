//! `uniform`: numbers between two bounds, whatever the size of the layer.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Fan, Init, SettingError};
use tanren_tensor::Draws;

/// Uniform numbers in [low, high).
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
#[setting(also = Self::ordered)]
pub struct Uniform {
    /// The lower bound, finite.
    pub low: f64,
    /// The upper bound, from the lower one on.
    pub high: f64,
}

impl Default for Uniform {
    fn default() -> Self {
        Self { low: -0.05, high: 0.05 }
    }
}

impl Uniform {
    /// Whether the bounds are in order.
    fn ordered(&self) -> Result<(), SettingError> {
        let right = self.high >= self.low && (self.high - self.low).is_finite();
        SettingError::unless(right, "high", "a finite number from `low` on", self.high)
    }
}

#[typetag::serde(name = "uniform")]
impl Init for Uniform {
    fn fill(&self, _: Fan, _: usize, draws: &mut Draws, values: &mut [f64]) {
        values.fill_with(|| self.low + (self.high - self.low) * draws.uniform());
    }
}
