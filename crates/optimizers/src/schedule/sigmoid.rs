//! `sigmoid`: value / (1 + e^(−steepness (t − middle))).
//!
//! t count of epochs, samples or iterations. A steepness below 0 lets it fall. It is the "sigmoid" policy of
//! Caffe: Jia et al. (2014), *Caffe: convolutional architecture for fast feature embedding*.

use crate::Unit;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Clock, Counts, Schedule};

/// Rises or falls between 0 and `value`, fastest in the middle.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Sigmoid {
    /// The number from which it falls, or to which it rises, above 0.
    #[setting(above = 0)]
    pub value: f64,
    /// How fast: below 0 it falls, above 0 it rises.
    pub steepness: f64,
    /// Units until it is half of `value`.
    #[setting(from = 0)]
    pub middle: f64,
    /// What is counted; epochs unless said.
    #[serde(default)]
    pub unit: Unit,
}

impl Sigmoid {
    fn after(&self, t: f64) -> f64 {
        self.value / (1.0 + (-self.steepness * (t - self.middle)).exp())
    }
}

#[typetag::serde(name = "sigmoid")]
impl Schedule for Sigmoid {
    fn at(&self, clock: Clock) -> f64 {
        self.after(self.unit.count(clock) as f64)
    }

    fn extent(&self) -> Option<(f64, f64)> {
        let first = self.after(0.0);
        Some(match self.steepness {
            s if s < 0.0 => (0.0, first),
            s if s > 0.0 => (first, self.value),
            _ => (first, first),
        })
    }

    fn counts(&self) -> Counts {
        self.unit.into()
    }
}
