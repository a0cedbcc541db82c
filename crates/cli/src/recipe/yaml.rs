//! YAML: one line per setting of a section, short tables and lists in brackets.

use super::layout::{DEPTH, Style, WIDTH, deep, quoted};
use super::mistake::{Mistake, byte_of};
use super::node::{Key, Node, Place, Value};
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::options::NonFiniteFloatPolicy;
use serde_saphyr::{Error, Location, Spanned};
use std::fmt;

/// The tree of a text.
pub(super) fn parse(text: &str) -> Result<Node, Mistake> {
    let options = serde_saphyr::options! {
        with_snippet: false,
        strict_booleans: true,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
    };
    match serde_saphyr::from_str_with_options::<Located>(text, options) {
        Ok(located) => Ok(located.0),
        Err(error) => Err(mistake(text, &error)),
    }
}

/// What the parser found, without its advice to programmers and the place at its end.
fn mistake(text: &str, error: &serde_saphyr::Error) -> Mistake {
    let error = error.without_snippet();
    let message = error.to_string();
    let at = error.location().map(|at| (at.line() as usize, at.column() as usize));
    let place = Place::Byte(at.map_or(0, |(line, column)| byte_of(text, line, column)));
    let message = match error {
        Error::Budget { breach: BudgetBreach::Depth { .. }, .. } => return deep(place),
        _ if message.starts_with("recursion limit") => return deep(place),
        _ if message.starts_with("budget") => "too large once its aliases are expanded".into(),
        Error::MultipleDocuments { .. } => "expected one YAML document, found a second one".into(),
        Error::DuplicateMappingKey { key: Some(key), .. } => format!("{key} is set twice"),
        _ => match at.and_then(|(line, column)| {
            let end = format!(" at line {line}, column {column}");
            message.strip_suffix(&end).map(str::to_owned)
        }) {
            Some(message) => message,
            None => message,
        },
    };
    Mistake::at(place, message)
}

fn place(location: &Location) -> Place {
    let byte = location.span().byte_offset();
    byte.map_or(Place::Nowhere, |byte| Place::Byte(byte as usize))
}

/// A node whose place the parser says.
struct Located(Node);

impl<'de> Deserialize<'de> for Located {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Bare>::deserialize(deserializer)?;
        Ok(Self(Node::new(place(&spanned.referenced), spanned.value.0)))
    }
}

/// The value of a node.
struct Bare(Value);

impl<'de> Deserialize<'de> for Bare {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any).map(Self)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Whole(value.into()))
    }
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Whole(value.into()))
    }
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Real(value))
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Located(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut table = Vec::new();
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            let Located(value) = map.next_value()?;
            table.push((Key { place: place(&key.referenced), name: key.value }, value));
        }
        Ok(Value::Table(table))
    }
}

const STYLE: Style = Style { key: plain, between: ": ", text: plain, real };

/// A number that readers of YAML 1.1, too, take for one: with a point and a signed exponent.
fn real(x: f64) -> String {
    let text = format!("{x:?}");
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let point = if digits.contains('.') { "" } else { ".0" };
            let sign = if exponent.starts_with('-') { "" } else { "+" };
            format!("{digits}{point}e{sign}{exponent}")
        }
        None => text,
    }
}

/// Words that mean more than themselves to some reader of YAML.
const WORDS: &[&str] =
    &["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf", "infinity"];

/// A text without quotes where every reader takes it for one.
fn plain(text: &str) -> String {
    let rest = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let word = WORDS.contains(&text.to_lowercase().as_str());
    if starts && text.chars().all(rest) && !word { text.to_owned() } else { quoted(text) }
}

/// The text of a recipe.
pub(super) fn write(recipe: &Node) -> String {
    let mut text = String::new();
    let Value::Table(entries) = &recipe.value else { return text };
    for (key, value) in entries {
        put(&mut text, &format!("{}:", plain(&key.name)), value, 0);
    }
    text
}

/// A line that begins with `head`, and those below it; sections are never on one line.
fn put(text: &mut String, head: &str, node: &Node, depth: usize) {
    let line = format!("{}{head} {}\n", "  ".repeat(depth), STYLE.inline(node));
    let long = line.chars().count() > WIDTH;
    let item = head == "-";
    match &node.value {
        Value::Table(entries)
            if !entries.is_empty() && (long || depth == 0) && depth < DEPTH && !item =>
        {
            text.push_str(&format!("{}{head}\n", "  ".repeat(depth)));
            for (key, value) in entries {
                put(text, &format!("{}:", plain(&key.name)), value, depth + 1);
            }
        }
        Value::List(items) if items.len() > 1 && long => {
            text.push_str(&format!("{}{head}\n", "  ".repeat(depth)));
            items.iter().for_each(|item| put(text, "-", item, depth + 1));
        }
        _ => text.push_str(&line),
    }
}
