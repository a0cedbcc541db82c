//! JSON: short tables and lists on one line, longer ones on several.

use super::layout::{DEPTH, Style, WIDTH, deep, quoted};
use super::mistake::Mistake;
use super::node::{Key, Node, Place, Value};
use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fmt;

/// The tree of a text.
pub(super) fn parse(text: &str) -> Result<Node, Mistake> {
    let raw = serde_json::from_str(text).map_err(|e| mistake(text, &e))?;
    node(text, raw, DEPTH)
}

/// What serde writes of a value, without what is null: absent and null are the same here.
pub(super) fn tree_of(value: &impl Serialize) -> Result<Node, String> {
    let text = serde_json::to_string(value).map_err(|e| e.to_string())?;
    let mut node = parse(&text).map_err(|mistake| mistake.message)?;
    node.clean();
    Ok(node)
}

/// What serde_json found, without the place at its end.
fn mistake(text: &str, error: &serde_json::Error) -> Mistake {
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    let message = message.strip_suffix(&format!(" at line {line} column {column}"));
    let message =
        message.unwrap_or("not valid JSON").replace("EOF while parsing", "the text ends inside");
    let lines = text.split_inclusive('\n').take(line.saturating_sub(1));
    let start: usize = lines.map(str::len).sum();
    Mistake::at(Place::Byte(start + column.saturating_sub(1)), message)
}

/// The tree of a part of the text, which is known to be JSON but for its strings and numbers.
fn node(text: &str, raw: &RawValue, depth: usize) -> Result<Node, Mistake> {
    let byte = offset(text, raw);
    let place = Place::Byte(byte);
    // The place of a mistake in the part is one from its own start.
    let inner = |e: &serde_json::Error| {
        let mut mistake = mistake(raw.get(), e);
        if let Place::Byte(at) = &mut mistake.place {
            *at += byte;
        }
        mistake
    };
    let first = raw.get().as_bytes().first();
    if depth == 0 && matches!(first, Some(b'{' | b'[')) {
        return Err(deep(place));
    }
    let value = match first {
        Some(b'{') => {
            let entries: Raws<'_> = serde_json::from_str(raw.get()).map_err(|e| inner(&e))?;
            let mut names = HashSet::new();
            let mut table = Vec::with_capacity(entries.0.len());
            for (key, value) in entries.0 {
                let place = Place::Byte(offset(text, key));
                let name: String = serde_json::from_str(key.get()).map_err(|e| inner(&e))?;
                if !names.insert(name.clone()) {
                    return Err(Mistake::at(place, format!("{name} is set twice")));
                }
                table.push((Key { place, name }, node(text, value, depth - 1)?));
            }
            Value::Table(table)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(raw.get()).map_err(|e| inner(&e))?;
            let items = items.into_iter().map(|item| node(text, item, depth - 1));
            Value::List(items.collect::<Result<_, _>>()?)
        }
        _ => scalar(serde_json::from_str(raw.get()).map_err(|e| inner(&e))?),
    };
    Ok(Node::new(place, value))
}

/// Where a part of the text begins.
fn offset(text: &str, raw: &RawValue) -> usize {
    (raw.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

fn scalar(value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::Bool(value) => Value::Bool(value),
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Number(number) => match (number.as_i128(), number.as_f64()) {
            (Some(value), _) => Value::Whole(value),
            (None, Some(value)) => Value::Real(value),
            (None, None) => Value::Null,
        },
        _ => Value::Null,
    }
}

/// The entries of an object, in order.
struct Raws<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Raws<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Vec<(&'de RawValue, &'de RawValue)>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(entries)
            }
        }
        deserializer.deserialize_map(Collect).map(Self)
    }
}

const STYLE: Style = Style { key: quoted, between: ": ", text: quoted, real: |x| format!("{x:?}") };

/// The text of a recipe.
pub(super) fn write(recipe: &Node) -> String {
    let mut text = String::new();
    put(&mut text, recipe, 0, 0);
    text.push('\n');
    text
}

/// A value after `used` characters of its line; the recipe and its sections are never on one line.
fn put(text: &mut String, node: &Node, depth: usize, used: usize) {
    let line = STYLE.inline(node);
    let section = depth < 2 && matches!(node.value, Value::Table(_));
    let indent = "  ".repeat(depth);
    let end = |last: bool| if last { "\n" } else { ",\n" };
    match &node.value {
        Value::Table(entries)
            if !entries.is_empty() && (section || used + line.chars().count() > WIDTH) =>
        {
            text.push_str("{\n");
            for (i, (key, value)) in entries.iter().enumerate() {
                let head = format!("{indent}  {}: ", quoted(&key.name));
                text.push_str(&head);
                put(text, value, depth + 1, head.chars().count());
                text.push_str(end(i + 1 == entries.len()));
            }
            text.push_str(&indent);
            text.push('}');
        }
        Value::List(items) if items.len() > 1 && used + line.chars().count() > WIDTH => {
            text.push_str("[\n");
            for (i, item) in items.iter().enumerate() {
                text.push_str(&indent);
                text.push_str("  ");
                put(text, item, depth + 1, indent.len() + 2);
                text.push_str(end(i + 1 == items.len()));
            }
            text.push_str(&indent);
            text.push(']');
        }
        _ => text.push_str(&line),
    }
}
