//! `joined`: schedules one after another, each from its own start.

use crate::Unit;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;
use tanren_plugin::{Checked, Clock, Counts, Schedule, Scheduled, SettingError};

/// Numbers or schedules one after another.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
#[setting(also = Joined::fits)]
pub struct Joined {
    /// The parts: each a `value`, a number or a schedule that counts from the start of its part, and the
    /// units it lasts, `over`, which is left out in the last part: that lasts as long as the run.
    pub parts: Vec<Part>,
    /// What is counted; epochs unless said. Every part counts the same.
    #[serde(default)]
    pub unit: Unit,
}

/// A part of joined schedules.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// A number, or a schedule that counts from the start of the part.
    pub value: Scheduled,
    /// Units that it lasts, at least 1; to be left out in the last part, which has no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<NonZeroU64>,
}

impl Joined {
    fn fits(&self) -> Result<(), SettingError> {
        let Some(last) = self.parts.len().checked_sub(1) else {
            return Err(SettingError::new("parts", "at least one part", "none"));
        };
        for (at, part) in self.parts.iter().enumerate() {
            let name = |setting: &str| format!("parts[{at}].{setting}");
            match (part.over, at == last) {
                (None, false) => {
                    let expected = "how long a part lasts that is not the last";
                    return Err(SettingError::new(name("over"), expected, "nothing"));
                }
                (Some(over), true) => {
                    let expected =
                        "no `over` in the last part, which lasts as long as the run: leave it out";
                    return Err(SettingError::new(name("over"), expected, over));
                }
                _ => {}
            }
            // The start of a part is known in this unit alone; by another one a part would have begun long ago.
            let counts = part.value.counts();
            if !counts.within(self.unit.into()) {
                let found = format!("one that counts {counts}");
                let expected = format!("a schedule that counts {}, as all parts do", self.unit);
                return Err(SettingError::new(name("value"), expected, found));
            }
        }
        Ok(())
    }
}

#[typetag::serde(name = "joined")]
impl Schedule for Joined {
    fn at(&self, clock: Clock) -> f64 {
        let mut t = self.unit.count(clock);
        for part in &self.parts {
            match part.over {
                Some(over) if t >= over.get() => t -= over.get(),
                _ => return part.value.at(self.unit.set(clock, t)),
            }
        }
        0.0 // no parts, which `check` refuses
    }

    fn extent(&self) -> Option<(f64, f64)> {
        let mut parts = self.parts.iter().map(|part| part.value.extent());
        let first = parts.next()??;
        parts.try_fold(first, |(low, high), part| part.map(|(a, b)| (low.min(a), high.max(b))))
    }

    fn counts(&self) -> Counts {
        let parts = self.parts.iter().map(|part| part.value.counts());
        parts.fold(self.unit.into(), |all, counts| all | counts)
    }
}
