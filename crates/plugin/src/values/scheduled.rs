//! `Scheduled`: a setting that is a number, or a schedule of numbers.

use crate::{
    Checked, Clock, Counts, Kind, Named, Plugin, Range, Schedule, SettingError, SettingType,
};
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use std::fmt;

/// A number that may depend on the clock. In a recipe it is a number, or a [`Schedule`]:
/// `momentum = 0.9`, or `momentum = { type = "linear", value = 0.5, end = 0.99, over = 20 }`. It is written
/// as it was read.
///
/// The range of the setting holds for all values of a schedule, as far as it knows them.
#[derive(Clone, Debug)]
pub enum Scheduled {
    /// The same number at all times.
    Constant(f64),
    /// A function of the clock.
    Varying(Plugin<dyn Schedule>),
}

impl Scheduled {
    /// The value at `clock`.
    #[must_use]
    pub fn at(&self, clock: Clock) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Varying(schedule) => schedule.at(clock),
        }
    }

    /// Whether it may depend on the clock.
    #[must_use]
    pub const fn varies(&self) -> bool {
        matches!(self, Self::Varying(_))
    }

    /// The bounds of its values, if they are known: [`Schedule::extent`].
    #[must_use]
    pub fn extent(&self) -> Option<(f64, f64)> {
        match self {
            Self::Constant(value) => Some((*value, *value)),
            Self::Varying(schedule) => schedule.extent(),
        }
    }

    /// The counts of the clock that it depends on: [`Schedule::counts`].
    #[must_use]
    pub fn counts(&self) -> Counts {
        match self {
            Self::Constant(_) => Counts::NOTHING,
            Self::Varying(schedule) => schedule.counts(),
        }
    }

    /// Whether it is 0 at all times, as far as is known.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.extent() == Some((0.0, 0.0))
    }

    /// A check for settings that may fall to 0 but are not 0 from beginning to end:
    /// `#[setting(from = 0, check = Scheduled::not_zero)]`.
    ///
    /// # Errors
    /// When it is always 0.
    pub fn not_zero(setting: &str, value: &Self) -> Result<(), SettingError> {
        match value.is_zero() {
            true => Err(SettingError::new(setting, "a finite number above 0", "0.0")),
            false => Ok(()),
        }
    }
}

/// The number, or the name of the schedule.
impl fmt::Display for Scheduled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(value) => value.fmt(f),
            Self::Varying(schedule) => write!(f, "the schedule {}", schedule.typetag_name()),
        }
    }
}

impl From<f64> for Scheduled {
    fn from(value: f64) -> Self {
        Self::Constant(value)
    }
}

impl From<Plugin<dyn Schedule>> for Scheduled {
    fn from(schedule: Plugin<dyn Schedule>) -> Self {
        Self::Varying(schedule)
    }
}

impl<S: Schedule + 'static> From<S> for Scheduled {
    fn from(schedule: S) -> Self {
        Self::Varying(schedule.into())
    }
}

impl Serialize for Scheduled {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Constant(value) => serializer.serialize_f64(*value),
            Self::Varying(schedule) => schedule.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Scheduled {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberOrSchedule)
    }
}

struct NumberOrSchedule;

impl<'de> Visitor<'de> for NumberOrSchedule {
    type Value = Scheduled;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a schedule: its name, or a table with its `type` and settings")
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Scheduled, E> {
        Ok(Scheduled::Constant(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Scheduled, E> {
        Ok(Scheduled::Constant(value as f64))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Scheduled, E> {
        Ok(Scheduled::Constant(value as f64))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Scheduled, E> {
        Plugin::deserialize(StrDeserializer::new(name)).map(Scheduled::Varying)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Scheduled, A::Error> {
        Plugin::deserialize(MapAccessDeserializer::new(map)).map(Scheduled::Varying)
    }
}

impl SettingType for Scheduled {
    fn kind(range: Range) -> Kind {
        Kind::Either(vec![Kind::Number(range), Kind::Plugin(<dyn Schedule as Named>::FAMILY)])
    }

    fn within(&self, setting: &str, range: Range) -> Result<(), SettingError> {
        let schedule = match self {
            Self::Constant(value) => return value.within(setting, range),
            Self::Varying(schedule) => schedule,
        };
        schedule.check().map_err(|error| error.inside(setting))?;
        let first = schedule.at(Clock::default());
        let (low, high) = schedule.extent().unwrap_or((first, first));
        let out = [low, high].into_iter().find(|&value| !range.holds(value));
        out.map_or(Ok(()), |value| {
            let found = format!("a schedule that goes to {value:?}");
            Err(SettingError::new(setting, range, found))
        })
    }
}

impl Checked for Scheduled {
    fn check(&self) -> Result<(), SettingError> {
        self.within("value", Range::ANY)
    }
}
