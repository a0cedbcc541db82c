//! `Number`: how a value becomes a number of a row.

use crate::Value;
use crate::predictor::names::shown;
use std::collections::HashMap;
use std::fmt::Write as _;
use tanren_plugin::{Feature, MISSING, Notation, Origin, UNKNOWN, nearest};

/// How a number of a row is made of the value of its column.
#[derive(Clone, Debug)]
pub(crate) enum Number {
    /// A measurement, and how it is written if that is not plain.
    Measured(Option<Origin>),
    /// The place of a level.
    Level {
        places: Places,
        /// Whether there must be one: an index has no number for what is missing or unknown.
        required: bool,
    },
}

/// Where levels are: by name, or by value where the name is a number, so that 2 is the level "2.0".
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    by_name: HashMap<String, usize>,
    by_value: HashMap<u64, usize>,
}

impl Places {
    fn new(levels: &[String]) -> Self {
        let mut places = Self::default();
        for (place, level) in levels.iter().enumerate() {
            places.by_name.entry(level.clone()).or_insert(place);
            if let Some(value) = value(level) {
                places.by_value.entry(value).or_insert(place);
            }
        }
        places
    }

    fn find(&self, level: &str) -> Option<usize> {
        let by_name = |level: &str| self.by_name.get(level).copied();
        let by_value = || self.by_value.get(&value(level)?).copied();
        by_name(level).or_else(|| by_name(level.trim())).or_else(by_value)
    }
}

/// What finite numbers are told apart by: 0 and −0 are one.
fn value(text: &str) -> Option<u64> {
    let number = text.trim().parse::<f64>().ok().filter(|x| x.is_finite())?;
    Some((number + 0.0).to_bits())
}

/// Whether a text is what files have for a missing value.
fn is_missing(text: &str) -> bool {
    let text = text.trim();
    MISSING.iter().any(|word| word.eq_ignore_ascii_case(text))
}

impl Number {
    /// A feature of a row.
    pub(crate) fn of(feature: &Feature) -> Self {
        match feature.is_category() {
            true => Self::Level { places: Places::new(&feature.levels), required: false },
            false => Self::Measured(feature.origin.clone()),
        }
    }

    /// An index of these levels, if they have names.
    pub(crate) fn index(levels: &[String]) -> Self {
        match levels.is_empty() {
            true => Self::Measured(None),
            false => Self::Level { places: Places::new(levels), required: true },
        }
    }

    /// Whether it is the place of a level.
    pub(crate) const fn has_levels(&self) -> bool {
        matches!(self, Self::Level { .. })
    }

    /// The number of a value: NaN where it is missing, [`UNKNOWN`] for a level that is none of the
    /// column's.
    ///
    /// # Errors
    /// With what was expected and found.
    pub(crate) fn read(&self, value: Value<'_>, text: &mut String) -> Result<f64, String> {
        match self {
            Self::Measured(origin) => measured(origin.as_ref(), value, text),
            Self::Level { places, required } => level(places, *required, value, text),
        }
    }
}

/// A number as text, in a buffer.
fn written(x: f64, text: &mut String) -> &str {
    text.clear();
    // Writing to a String cannot fail.
    let _ = write!(text, "{x}");
    text
}

/// The number of a measurement. A time that is given as a number is read as if it were written.
fn measured(origin: Option<&Origin>, value: Value<'_>, text: &mut String) -> Result<f64, String> {
    let time = origin.filter(|origin| matches!(origin.notation, Notation::Time(_)));
    let found = match (value, time) {
        (Value::Missing, _) => return Ok(f64::NAN),
        (Value::Number(x), None) => return Ok(x),
        (Value::Number(x), Some(_)) if x.is_nan() => return Ok(x),
        (Value::Number(x), Some(_)) => written(x, text),
        (Value::Text(found), _) if is_missing(found) => return Ok(f64::NAN),
        (Value::Text(found), _) => found,
    };
    let number = match origin {
        Some(origin) => origin.number(found),
        None => Notation::default().value(found),
    };
    number.ok_or_else(|| match origin {
        None => format!("expected a number, found {found:?}"),
        Some(origin) => match &origin.notation {
            Notation::Time(order) => {
                format!("expected a time written as {order}, found {found:?}")
            }
            notation => format!("expected a number written as {notation}, found {found:?}"),
        },
    })
}

/// The place of a level.
fn level(
    places: &Places,
    required: bool,
    value: Value<'_>,
    text: &mut String,
) -> Result<f64, String> {
    let level = match value {
        Value::Missing => None,
        Value::Text(level) => Some(level),
        Value::Number(x) if x.is_nan() => None,
        Value::Number(x) => Some(written(x, text)),
    };
    match (level.and_then(|level| places.find(level)), level) {
        (Some(place), _) => Ok(place as f64),
        (None, level) if required => Err(expected_level(&places.by_name, level)),
        (None, Some(level)) if !is_missing(level) => Ok(UNKNOWN),
        (None, _) => Ok(f64::NAN),
    }
}

/// Why an index has no number.
fn expected_level(places: &HashMap<String, usize>, found: Option<&str>) -> String {
    let Some(found) = found else {
        return "expected a level, found a missing value".into();
    };
    let mut names: Vec<_> = places.iter().map(|(name, &place)| (place, name.as_str())).collect();
    names.sort_unstable();
    let names = names.into_iter().map(|(_, name)| name);
    let near = nearest(found, names.clone());
    let near = near.map_or(String::new(), |near| format!("; did you mean {near:?}?"));
    format!("expected a level, found {found:?}{near} (levels: {})", shown(names, places.len()))
}
