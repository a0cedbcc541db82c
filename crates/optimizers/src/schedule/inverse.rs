//! `inverse`: value / (1 + decay · t)^power.
//!
//! t count of epochs, samples or iterations. With a power above 1/2 and up to 1 it is a sequence of steps with
//! which descent on random batches converges: Robbins, Monro (1951), *A stochastic approximation method*.

use crate::Unit;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Clock, Counts, Schedule};

/// Falls as a power of the time.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Inverse {
    /// The number at the start, above 0.
    #[setting(above = 0)]
    pub value: f64,
    /// How fast it falls, from 0 on: with power 1 it is half as large after 1 / decay units.
    #[setting(from = 0)]
    pub decay: f64,
    /// The power, from 0 on; 1 unless said.
    #[serde(default = "one")]
    #[setting(from = 0)]
    pub power: f64,
    /// What is counted; epochs unless said.
    #[serde(default)]
    pub unit: Unit,
}

const fn one() -> f64 {
    1.0
}

#[typetag::serde(name = "inverse")]
impl Schedule for Inverse {
    fn at(&self, clock: Clock) -> f64 {
        let t = self.unit.count(clock) as f64;
        self.value / self.decay.mul_add(t, 1.0).powf(self.power)
    }

    fn extent(&self) -> Option<(f64, f64)> {
        let still = self.decay == 0.0 || self.power == 0.0;
        Some((if still { self.value } else { 0.0 }, self.value))
    }

    fn counts(&self) -> Counts {
        self.unit.into()
    }
}
