//! TOML: plain keys first, then one section per table, its values on one line where they fit.

use super::layout::{Style, WIDTH, deep, quoted};
use super::mistake::Mistake;
use super::node::{Key, Node, Place, Value};
use std::fmt::Write as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The tree of a text.
pub(super) fn parse(text: &str) -> Result<Node, Mistake> {
    let table = DeTable::parse(text).map_err(|e| mistake(&e))?;
    entries(table.get_ref()).map(|entries| Node::new(Place::Byte(0), entries))
}

/// The tree of a single value, if the text is one.
pub(super) fn parse_value(text: &str) -> Option<Node> {
    DeValue::parse(text).ok().and_then(|value| node(&value).ok())
}

fn mistake(error: &toml::de::Error) -> Mistake {
    // Later lines of a message repeat what the place already says.
    let message = error.message().lines().next().unwrap_or_default();
    let place = Place::Byte(error.span().map_or(0, |span| span.start));
    if message.contains("recursion") { deep(place) } else { Mistake::at(place, message) }
}

fn node(value: &Spanned<DeValue<'_>>) -> Result<Node, Mistake> {
    let place = Place::Byte(value.span().start);
    let wrong = |expected: &str, found: &dyn std::fmt::Display| {
        Err(Mistake::at(place.clone(), format!("expected {expected}, found {found}")))
    };
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(date) => Value::Text(date.to_string()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(value) => Value::Whole(value.into()),
            Err(_) => return wrong(&format!("at most {MOST} in TOML"), number),
        },
        DeValue::Float(number) => match number.as_str().parse::<f64>() {
            Ok(value) if value.is_finite() || number.as_str().contains(['n', 'N']) => {
                Value::Real(value)
            }
            _ => return wrong("a number of at most 1.8e308", number),
        },
        DeValue::Array(items) => Value::List(items.iter().map(node).collect::<Result<_, _>>()?),
        DeValue::Table(table) => entries(table)?,
    };
    Ok(Node::new(place, value))
}

/// The largest whole number of TOML.
pub(super) const MOST: i64 = i64::MAX;

fn entries(table: &DeTable<'_>) -> Result<Value, Mistake> {
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let place = Place::Byte(key.span().start);
        let name: &std::borrow::Cow<'_, str> = key.get_ref();
        Ok((Key { place, name: name.to_string() }, node(value)?))
    };
    table.iter().map(entry).collect::<Result<_, _>>().map(Value::Table)
}

const STYLE: Style = Style { key, between: " = ", text: quoted, real: |x| format!("{x:?}") };

/// The text of a recipe.
pub(super) fn write(recipe: &Node) -> String {
    let mut text = String::new();
    let Value::Table(entries) = &recipe.value else { return text };
    let is_table = |node: &Node| matches!(node.value, Value::Table(_));
    for (key, value) in entries.iter().filter(|(_, value)| !is_table(value)) {
        entry(&mut text, &key.name, value);
    }
    for (name, section) in entries {
        let Value::Table(entries) = &section.value else { continue };
        let _ = writeln!(text, "\n[{}]", key(&name.name));
        for (key, value) in entries {
            entry(&mut text, &key.name, value);
        }
    }
    text
}

fn entry(text: &mut String, name: &str, value: &Node) {
    let line = format!("{} = {}", key(name), STYLE.inline(value));
    match &value.value {
        Value::List(items) if items.len() > 1 && line.chars().count() > WIDTH => {
            let _ = writeln!(text, "{} = [", key(name));
            for item in items {
                let _ = writeln!(text, "  {},", STYLE.inline(item));
            }
            text.push_str("]\n");
        }
        _ => {
            let _ = writeln!(text, "{line}");
        }
    }
}

/// A key, in quotes where it needs them.
pub(super) fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    match name.is_empty() || !name.chars().all(bare) {
        true => quoted(name),
        false => name.to_owned(),
    }
}
