//! How an aimed plugin is written: its own table with the key `on` beside its settings.

use super::{Aim, Aimed};
use crate::Plugin;
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess,
    Visitor,
};
use serde::{Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// The key that says where a plugin works.
const ON: &str = "on";

impl<P: ?Sized + Aim + Serialize> Serialize for Aimed<P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Both<'a, P, C> {
            #[serde(flatten)]
            plugin: &'a P,
            on: &'a C,
        }
        let Self { plugin, on } = self;
        match self.is_open() {
            true => plugin.serialize(serializer),
            false => Both { plugin, on }.serialize(serializer),
        }
    }
}

impl<'de, P: ?Sized + Aim> Deserialize<'de> for Aimed<P>
where
    Box<P>: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameOrTable(PhantomData))
    }
}

/// Reads a plugin's name, or its table.
struct NameOrTable<P: ?Sized>(PhantomData<P>);

impl<'de, P: ?Sized + Aim> Visitor<'de> for NameOrTable<P>
where
    Box<P>: Deserialize<'de>,
{
    type Value = Aimed<P>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a plugin that may have `on`: its name, or a table with its `type`, settings and `on`",
        )
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Aimed<P>, E> {
        Plugin::deserialize(name.into_deserializer()).map(Aimed::from)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Aimed<P>, A::Error> {
        let mut rest = Rest { map, on: None::<P::Choice> };
        let plugin = Plugin::deserialize(MapAccessDeserializer::new(&mut rest))?;
        // A plugin that does not read all its settings must not lose its aim.
        while rest.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Aimed { plugin, on: rest.on.unwrap_or_default() })
    }
}

/// The entries of a table that are the plugin's own; `on` is read on the way. Everything else goes
/// through as it comes, so that a format's places and its own errors are kept.
struct Rest<A, C> {
    map: A,
    on: Option<C>,
}

impl<'de, A: MapAccess<'de>, C: Deserialize<'de>> MapAccess<'de> for Rest<A, C> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        mut seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        loop {
            match self.map.next_key_seed(OnOr(seed))? {
                None => return Ok(None),
                Some(Key::Other(key)) => return Ok(Some(key)),
                Some(Key::On(_)) if self.on.is_some() => return Err(Error::duplicate_field(ON)),
                Some(Key::On(unused)) => {
                    self.on = Some(self.map.next_value()?);
                    seed = unused;
                }
            }
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

/// A key: `on`, which leaves the seed unused, or what the seed made of another one.
enum Key<K, V> {
    On(K),
    Other(V),
}

/// Hands every key but `on` to the seed inside.
struct OnOr<K>(K);

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for OnOr<K> {
    type Value = Key<K, K::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de, K: DeserializeSeed<'de>> Visitor<'de> for OnOr<K> {
    type Value = Key<K, K::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a setting")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        match key {
            ON => Ok(Key::On(self.0)),
            other => self.0.deserialize(other.into_deserializer()).map(Key::Other),
        }
    }
}
