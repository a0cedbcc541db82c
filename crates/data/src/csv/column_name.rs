//! The name of a column in a recipe: text, or a number for its position.

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::fmt;
use tanren_plugin::{Kind, Range};

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

/// How a name is written.
pub(crate) fn name_kind() -> Kind {
    Kind::Either(vec![Kind::Text, Kind::Whole(Range::ANY)])
}

/// How a list of names is written.
pub(crate) fn names_kind() -> Kind {
    Kind::List(Box::new(name_kind()))
}

/// How one name or a list of several is written.
pub(crate) fn one_or_several_kind() -> Kind {
    Kind::Either(vec![name_kind(), names_kind()])
}

/// Reads one name, if there is one.
pub(crate) fn optional<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<Name>::deserialize(from)?.map(|name| name.0))
}

/// One name as it is, or a list of several.
pub(crate) mod one_or_several {
    use super::Name;
    use serde::de::{Deserializer, Error, SeqAccess, Visitor};
    use serde::{Serialize, Serializer};
    use std::fmt;

    pub(crate) fn serialize<S: Serializer>(names: &[String], to: S) -> Result<S::Ok, S::Error> {
        match names {
            [only] => only.serialize(to),
            names => names.serialize(to),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
        from.deserialize_any(Names)
    }

    struct Names;

    impl<'de> Visitor<'de> for Names {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the name of a column or its position, or a list of these")
        }

        fn visit_str<E: Error>(self, name: &str) -> Result<Vec<String>, E> {
            Ok(vec![name.into()])
        }

        fn visit_i64<E: Error>(self, position: i64) -> Result<Vec<String>, E> {
            Ok(vec![position.to_string()])
        }

        fn visit_u64<E: Error>(self, position: u64) -> Result<Vec<String>, E> {
            Ok(vec![position.to_string()])
        }

        // No target at all, as JSON and YAML write it.
        fn visit_unit<E: Error>(self) -> Result<Vec<String>, E> {
            Ok(Vec::new())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<String>, A::Error> {
            let mut names = Vec::new();
            while let Some(Name(name)) = list.next_element()? {
                names.push(name);
            }
            Ok(names)
        }
    }
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
