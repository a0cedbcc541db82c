//! From a tree to a value: a deserialiser that remembers where the first mistake was found.
//!
//! The registry of plugins hands errors on as text, in which path and place are lost; so each is
//! noted where it appears. It reads the settings of a plugin one by one as long as the `type` comes
//! first, which it therefore always does here; a bare name is read as a table with nothing else.

use super::mistake::Mistake;
use super::node::{Key, Node, ON, Place, TYPE, Value};
use super::trail::Trail;
use super::typed;
use super::unsaid::Unsaid;
use super::words::{Words, words_of};
use serde::Deserialize;
use serde::de::value::{
    BorrowedStrDeserializer, MapAccessDeserializer, SeqDeserializer, StrDeserializer,
};
use serde::de::{
    DeserializeSeed, Deserializer, Error, Expected, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use std::cell::RefCell;
use std::fmt;

/// The value of the node at `path`.
pub(super) fn decode<'de, T: Deserialize<'de>>(node: &'de Node, path: &str) -> Result<T, Mistake> {
    let first = RefCell::new(None);
    let trail = Trail::Root(path);
    let decoder = Decoder { node, trail: &trail, first: &first };
    T::deserialize(decoder).map_err(|words| {
        decoder.note(&words);
        first.take().unwrap_or_else(|| Mistake::at(node.place.clone(), words))
    })
}

/// The first mistake, which is the one that is reported.
type First = RefCell<Option<Mistake>>;

#[derive(Clone, Copy)]
struct Decoder<'de, 't> {
    node: &'de Node,
    trail: &'t Trail<'t>,
    first: &'t First,
}

impl Decoder<'_, '_> {
    /// Keeps the first mistake, with its place.
    fn note(&self, words: &Words) {
        let mut first = self.first.borrow_mut();
        if first.is_some() {
            return;
        }
        let path = self.trail.to_string();
        let below = |step: &str| match path.as_str() {
            "" => step.to_owned(),
            path => format!("{path}.{step}"),
        };
        let place = self.node.place.clone();
        *first = Some(match words {
            Words::Missing(field) => Mistake::at(place, format!("missing: {}", below(field))),
            Words::Setting(setting, rest) => {
                let same =
                    |key: &str| setting == key && !matches!(self.node.value, Value::Table(_));
                let here = matches!(self.trail, Trail::Key(_, key) if same(key));
                let path = if here { path } else { below(setting) };
                Mistake { place: self.node.place_of(setting), path, message: rest.clone() }
            }
            words => {
                // What is wrong with a name is wrong with its plugin.
                let path = match self.trail {
                    Trail::Key(parent, TYPE) => parent.to_string(),
                    _ => path,
                };
                Mistake { place, path, message: words.to_string() }
            }
        });
    }
}

/// A key, where it was said, and its value.
type Entry<'de> = (&'de str, &'de Place, &'de Node);

impl<'de> Deserializer<'de> for Decoder<'de, '_> {
    type Error = Words;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        let expected = (&visitor as &dyn Expected).to_string();
        let table = |entries: Vec<Entry<'de>>| Entries {
            owner: self,
            aimed: expected.starts_with(AIMED),
            unsaid: Unsaid::of(&expected, entries.first().is_some_and(|(name, ..)| *name == TYPE)),
            rest: entries.into_iter(),
            value: None,
        };
        let result = match &self.node.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Whole(value) => match (u64::try_from(*value), i64::try_from(*value)) {
                (Ok(value), _) => visitor.visit_u64(value),
                (_, Ok(value)) => visitor.visit_i64(value),
                _ => visitor.visit_f64(*value as f64),
            },
            Value::Real(value) => visitor.visit_f64(*value),
            Value::Text(_) if [PLUGIN, SCHEDULED].iter().any(|p| expected.starts_with(p)) => {
                visitor.visit_map(table(vec![(TYPE, &self.node.place, self.node)]))
            }
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::List(items) => visitor.visit_seq(Items { owner: self, rest: items, done: 0 }),
            Value::Table(entries) => {
                let entry = |(key, node): &'de (Key, Node)| (key.name.as_str(), &key.place, node);
                let mut entries: Vec<Entry<'de>> = entries.iter().map(entry).collect();
                entries.sort_by_key(|(name, ..)| *name != TYPE);
                visitor.visit_map(table(entries))
            }
        };
        result.map_err(|mut words| {
            if let (Words::Unknown { what, .. }, Some(family)) =
                (&mut words, expected.strip_prefix("dyn "))
            {
                *what = words_of(family);
            }
            self.note(&words);
            words
        })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        match self.node.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        match typed::answer(self.node) {
            Some(answer) => visitor.visit_bool(answer),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        match typed::mark(self.node) {
            Some(mark) => visitor.visit_char(mark),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        match typed::number_as_text(self.node) {
            Some(text) => visitor.visit_string(text),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        self.deserialize_str(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        match typed::names(self.node) {
            Some(names) => {
                let names = SeqDeserializer::new(names.map(BorrowedStrDeserializer::new));
                visitor.visit_seq(names).inspect_err(|words| self.note(words))
            }
            None if typed::alone(self.node) => visitor.visit_seq(Alone(Some(self))),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Words> {
        visitor.visit_newtype_struct(self)
    }

    /// Settings have names: a list of them in order is a mistake.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Words> {
        if matches!(self.node.value, Value::List(_)) {
            let words = Words::invalid_type(Unexpected::Seq, &visitor);
            self.note(&words);
            return Err(words);
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Words> {
        match &self.node.value {
            Value::Text(name) => visitor.visit_enum(StrDeserializer::new(name)),
            Value::Table(_) => self.deserialize_any(OneEntry(visitor)),
            _ => self.deserialize_any(visitor),
        }
        .inspect_err(|words| self.note(words))
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 bytes byte_buf unit
        unit_struct tuple tuple_struct map identifier ignored_any
    }
}

/// One item, where a list of such is expected.
struct Alone<'de, 't>(Option<Decoder<'de, 't>>);

impl<'de> SeqAccess<'de> for Alone<'de, '_> {
    type Error = Words;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Words> {
        let Some(item) = self.0.take() else { return Ok(None) };
        seed.deserialize(item).map(Some).inspect_err(|words| item.note(words))
    }
}

/// What [`Plugin`](tanren_plugin::Plugin) says it expects.
const PLUGIN: &str = "a plugin";

/// What [`Scheduled`](tanren_plugin::Scheduled) says it expects.
const SCHEDULED: &str = "a number or a schedule";

/// What [`Aimed`](tanren_plugin::Aimed) says it expects.
const AIMED: &str = "a plugin that may have `on`";

/// Reads `{ name = value }` as the variant of this name.
struct OneEntry<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for OneEntry<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(MapAccessDeserializer::new(map))
    }
}

/// The entries of a table that are left.
struct Entries<'de, 't> {
    owner: Decoder<'de, 't>,
    /// Whether `on` is a setting beside those of the plugin.
    aimed: bool,
    unsaid: Unsaid,
    rest: std::vec::IntoIter<Entry<'de>>,
    value: Option<Entry<'de>>,
}

impl<'de> MapAccess<'de> for Entries<'de, '_> {
    type Error = Words;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Words> {
        if self.unsaid.key() {
            return seed.deserialize(StrDeserializer::new(TYPE)).map(Some);
        }
        self.value = self.rest.next();
        let Some((name, place, _)) = self.value else { return Ok(None) };
        seed.deserialize(Name { owner: self.owner, aimed: self.aimed, name, place }).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Words> {
        if let Some(name) = self.unsaid.value() {
            return seed.deserialize(StrDeserializer::new(&name));
        }
        let Some((name, _, node)) = self.value.take() else {
            return Err(Words::custom("a value without a key"));
        };
        let trail = Trail::Key(self.owner.trail, name);
        let child = Decoder { node, trail: &trail, first: self.owner.first };
        seed.deserialize(child).inspect_err(|words| child.note(words))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// A key: what is wrong with it is wrong in its table, at its place.
struct Name<'de, 't> {
    owner: Decoder<'de, 't>,
    aimed: bool,
    name: &'de str,
    place: &'de Place,
}

impl<'de> Deserializer<'de> for Name<'de, '_> {
    type Error = Words;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        visitor.visit_borrowed_str(self.name).map_err(|mut words: Words| {
            if let (Words::Unknown { known, .. }, true) = (&mut words, self.aimed) {
                known.push(ON.into());
            }
            self.owner.note(&words);
            if let Some(mistake) = self.owner.first.borrow_mut().as_mut() {
                mistake.place = self.place.clone();
            }
            words
        })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

/// The items of a list that are left.
struct Items<'de, 't> {
    owner: Decoder<'de, 't>,
    rest: &'de [Node],
    done: usize,
}

impl<'de> SeqAccess<'de> for Items<'de, '_> {
    type Error = Words;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Words> {
        let Some((node, rest)) = self.rest.split_first() else { return Ok(None) };
        let trail = Trail::Item(self.owner.trail, self.done);
        (self.rest, self.done) = (rest, self.done + 1);
        let child = Decoder { node, trail: &trail, first: self.owner.first };
        seed.deserialize(child).map(Some).inspect_err(|words| child.note(words))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}
