//! How an aim is written in a recipe: a node's name, a list of names, or a table.

use super::Select;
use crate::BlockKind;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    Deserialize, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::{Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// The long form.
#[derive(Serialize, serde::Deserialize)]
#[serde(remote = "Select", deny_unknown_fields)]
struct Table {
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_more")]
    nodes: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_more")]
    kinds: Vec<BlockKind>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_more")]
    layers: Vec<BlockKind>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "depths")]
    depth: Option<(i64, i64)>,
}

impl Serialize for Select {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Table::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Select {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Select;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a selection: the name of a node, a list of names, or a table of nodes and kinds")
            }
            fn visit_str<E: Error>(self, pattern: &str) -> Result<Select, E> {
                Ok(pattern.into())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, patterns: A) -> Result<Select, A::Error> {
                let nodes = Vec::deserialize(SeqAccessDeserializer::new(patterns))?;
                Ok(Select { nodes, ..Select::default() })
            }
            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<Select, A::Error> {
                Table::deserialize(MapAccessDeserializer::new(table))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// Reads `"bias"` as `["bias"]`.
fn one_or_more<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    struct OneOrMore<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrMore<T> {
        type Value = Vec<T>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a name or a list of names")
        }
        fn visit_str<E: Error>(self, one: &str) -> Result<Vec<T>, E> {
            T::deserialize(one.into_deserializer()).map(|one| vec![one])
        }
        fn visit_seq<A: SeqAccess<'de>>(self, more: A) -> Result<Vec<T>, A::Error> {
            Vec::deserialize(SeqAccessDeserializer::new(more))
        }
    }
    deserializer.deserialize_any(OneOrMore(PhantomData))
}

/// Reads `3` as `[3, 3]`.
fn depths<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<(i64, i64)>, D::Error> {
    struct Depths;
    impl<'de> Visitor<'de> for Depths {
        type Value = (i64, i64);
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a whole number, or a list of the first and the last")
        }
        fn visit_i64<E: Error>(self, depth: i64) -> Result<(i64, i64), E> {
            Ok((depth, depth))
        }
        fn visit_u64<E: Error>(self, depth: u64) -> Result<(i64, i64), E> {
            self.visit_i64(i64::try_from(depth).unwrap_or(i64::MAX))
        }
        fn visit_seq<A: SeqAccess<'de>>(self, both: A) -> Result<(i64, i64), A::Error> {
            Deserialize::deserialize(SeqAccessDeserializer::new(both))
        }
    }
    deserializer.deserialize_any(Depths).map(Some)
}
