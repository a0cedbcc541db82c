//! The name of a column in a recipe: text, or a number for its position.

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::fmt;

/// The name of a column as it was meant.
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameOrPosition)
    }
}

struct NameOrPosition;

impl Visitor<'_> for NameOrPosition {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a column or its position")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
        Ok(Name(name.into()))
    }

    fn visit_i64<E: Error>(self, position: i64) -> Result<Name, E> {
        Ok(Name(position.to_string()))
    }

    fn visit_u64<E: Error>(self, position: u64) -> Result<Name, E> {
        Ok(Name(position.to_string()))
    }
}

/// Reads one name, if there is one.
pub(crate) fn optional<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<Name>::deserialize(from)?.map(|name| name.0))
}

/// Reads a list of names.
pub(crate) fn several<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    Ok(Vec::<Name>::deserialize(from)?.into_iter().map(|name| name.0).collect())
}

/// A position among `columns`, from the end where it is negative.
pub(crate) fn position(name: &str, columns: usize) -> Option<usize> {
    let place: i64 = name.trim().parse().ok()?;
    let from_end = usize::try_from(place.unsigned_abs()).ok()?;
    let place = if place < 0 { columns.checked_sub(from_end)? } else { from_end };
    (place < columns).then_some(place)
}
