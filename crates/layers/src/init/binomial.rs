//! `binomial`: how many of n trials succeed, each with probability p.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Fan, Init, SettingError};
use tanren_tensor::Draws;

/// Whole numbers from 0 to n, of mean n p and variance n p (1 − p).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Binomial {
    /// n, from 1 to 1000.
    pub trials: u32,
    /// p, from 0 to 1.
    pub probability: f64,
}

impl Default for Binomial {
    fn default() -> Self {
        Self { trials: 1, probability: 0.5 }
    }
}

impl Checked for Binomial {
    fn check(&self) -> Result<(), SettingError> {
        let right = (1..=1000).contains(&self.trials); // each number takes so many draws
        SettingError::unless(right, "trials", "from 1 to 1000", self.trials)?;
        let right = (0.0..=1.0).contains(&self.probability);
        SettingError::unless(right, "probability", "from 0 to 1", self.probability)
    }
}

#[typetag::serde(name = "binomial")]
impl Init for Binomial {
    fn fill(&self, _: Fan, _: usize, draws: &mut Draws, values: &mut [f64]) {
        values.fill_with(|| {
            let successes = (0..self.trials).filter(|_| draws.uniform() < self.probability);
            successes.count() as f64
        });
    }
}
