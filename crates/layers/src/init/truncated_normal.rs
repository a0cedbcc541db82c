//! `truncated-normal`: normal numbers without those beyond a number of standard deviations.
//!
//! The standard deviation is that before the cut; what is left has a smaller one, 0.88 of it where
//! the cut is at 2. Those beyond are drawn again.

use super::fill::truncated;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Fan, Init};
use tanren_tensor::Draws;

/// Normal numbers that are cut on both sides.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct TruncatedNormal {
    /// Their mean, finite.
    pub mean: f64,
    /// Their standard deviation before the cut, from 0 on.
    #[setting(from = 0)]
    pub std: f64,
    /// How many standard deviations from the mean they are cut, from 0.1 on.
    #[setting(from = 0.1)]
    pub bound: f64,
}

impl Default for TruncatedNormal {
    fn default() -> Self {
        Self { mean: 0.0, std: 0.05, bound: 2.0 }
    }
}

#[typetag::serde(name = "truncated-normal")]
impl Init for TruncatedNormal {
    fn fill(&self, _: Fan, _: usize, draws: &mut Draws, values: &mut [f64]) {
        values.fill_with(|| self.mean + self.std * truncated(self.bound, draws));
    }
}
