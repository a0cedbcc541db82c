//! `table`: a number from each of some positions on.
//!
//! Between two positions the number stays, or goes to the next one in a straight line.

use super::between::between;
use crate::Unit;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Clock, Counts, Schedule, SettingError};

/// Numbers by their positions; after the last one it stays as it is.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
#[setting(also = Table::in_order)]
pub struct Table {
    /// Pairs of a position and the number from there on: `[[0, 0.01], [1000, 0.005]]`. The first
    /// position is 0, each of the others is above the one before.
    pub values: Vec<(u64, f64)>,
    /// What happens between two positions; steps unless said.
    #[serde(default)]
    pub interpolation: Interpolation,
    /// What is counted; epochs unless said.
    #[serde(default)]
    pub unit: Unit,
}

/// What happens between two positions of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Interpolation {
    /// The number stays as it is until the next position.
    #[default]
    Steps,
    /// The number goes to the next one in a straight line.
    Linear,
}

impl Table {
    /// From each of these epochs on, the number beside it.
    #[must_use]
    pub fn new(values: impl IntoIterator<Item = (u64, f64)>) -> Self {
        let values = values.into_iter().collect();
        Self { values, interpolation: Interpolation::Steps, unit: Unit::Epochs }
    }

    fn in_order(&self) -> Result<(), SettingError> {
        let wrong = |at: usize, expected: String, found: u64| {
            Err(SettingError::new(format_args!("values[{at}][0]"), expected, found))
        };
        match self.values.first() {
            None => return Err(SettingError::new("values", "at least one pair", "none")),
            Some(&(first, _)) if first > 0 => return wrong(0, "0".into(), first),
            _ => {}
        }
        let falls = self.values.windows(2).position(|pair| pair[1].0 <= pair[0].0);
        falls.map_or(Ok(()), |at| {
            let expected = format!("a position above {}", self.values[at].0);
            wrong(at + 1, expected, self.values[at + 1].0)
        })
    }
}

#[typetag::serde(name = "table")]
impl Schedule for Table {
    fn at(&self, clock: Clock) -> f64 {
        let t = self.unit.count(clock);
        let next = self.values.partition_point(|&(position, _)| position <= t);
        let (a, from) = self.values[next.saturating_sub(1)];
        match self.values.get(next) {
            Some(&(b, to)) if self.interpolation == Interpolation::Linear => {
                between(from, to, (t - a) as f64 / (b - a) as f64)
            }
            _ => from,
        }
    }

    fn extent(&self) -> Option<(f64, f64)> {
        let values = self.values.iter().map(|&(_, value)| value);
        let wider = |(low, high): (f64, f64), value: f64| (low.min(value), high.max(value));
        values.map(|value| (value, value)).reduce(|bounds, (value, _)| wider(bounds, value))
    }

    fn counts(&self) -> Counts {
        self.unit.into()
    }
}
