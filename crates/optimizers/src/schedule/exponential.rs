//! `exponential`: value · factor^t, and no further than `end`.
//!
//! t count of epochs, samples or iterations. Beyond 1, the factor makes the value grow, as a test of
//! learning rates wants it: Smith (2017), *Cyclical learning rates for training neural networks*.

use crate::Unit;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Clock, Counts, Schedule, SettingError};

/// Multiplied by `factor` with every unit.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
#[setting(also = Exponential::ends)]
pub struct Exponential {
    /// The number at the start, above 0.
    #[setting(above = 0)]
    pub value: f64,
    /// What it is multiplied by with every unit, above 0.
    #[setting(above = 0)]
    pub factor: f64,
    /// The number at which it stays, above 0. It may be left out where the factor is at most 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[setting(above = 0)]
    pub end: Option<f64>,
    /// What is counted; epochs unless said.
    #[serde(default)]
    pub unit: Unit,
}

impl Exponential {
    /// `value`, multiplied by `factor` with every epoch.
    #[must_use]
    pub const fn new(value: f64, factor: f64) -> Self {
        Self { value, factor, end: None, unit: Unit::Epochs }
    }

    fn ends(&self) -> Result<(), SettingError> {
        let grows = self.factor > 1.0;
        let Some(end) = self.end else {
            let expected = "at most 1 without `end`, or it grows without bound";
            return SettingError::unless(!grows, "factor", expected, self.factor);
        };
        let ahead = if grows { end >= self.value } else { end <= self.value };
        let expected = match grows {
            true => format!("at least the value {:?}, to which it grows", self.value),
            false => format!("at most the value {:?}, from which it falls", self.value),
        };
        SettingError::unless(ahead, "end", &expected, end)
    }
}

#[typetag::serde(name = "exponential")]
impl Schedule for Exponential {
    fn at(&self, clock: Clock) -> f64 {
        let value = self.value * self.factor.powf(self.unit.count(clock) as f64);
        match self.end {
            Some(end) if self.factor > 1.0 => value.min(end),
            Some(end) => value.max(end),
            None => value,
        }
    }

    fn extent(&self) -> Option<(f64, f64)> {
        Some(match self.end {
            _ if self.factor == 1.0 => (self.value, self.value),
            Some(end) if self.factor > 1.0 => (self.value, end),
            end => (end.unwrap_or(0.0), self.value),
        })
    }

    fn counts(&self) -> Counts {
        self.unit.into()
    }
}
