//! `binomial`: how many of n trials succeed, each with probability p.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Fan, Init};
use tanren_tensor::Draws;

/// Whole numbers from 0 to n, of mean n p and variance n p (1 − p).
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Binomial {
    /// n, from 1 to 1000.
    #[setting(from = 1, to = 1000)]
    pub trials: u32,
    /// p, from 0 to 1.
    #[setting(from = 0, to = 1)]
    pub probability: f64,
}

impl Default for Binomial {
    fn default() -> Self {
        Self { trials: 1, probability: 0.5 }
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
