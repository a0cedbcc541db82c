//! `Words`: errors of serde, in words for a reader who knows neither serde nor Rust.

use crate::catalogue::elsewhere::hint;
use serde::de::{Error, Expected, Unexpected};
use std::fmt;
use tanren_plugin::nearest;

/// What is wrong with a value; its path and place are the decoder's to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Words {
    /// A setting without a default is not there.
    Missing(String),
    /// A name that is none of those known. `what` says what it would be the name of.
    Unknown { what: String, found: String, known: Vec<String> },
    /// A setting of the plugin at hand is out of its range: its path from here, and the rest.
    Setting(String, String),
    /// Anything else, in one sentence.
    Sentence(String),
}

/// Characters of a text that are shown.
const SHOWN: usize = 60;

/// How the word for a whole number begins, from whatever it counts.
const WHOLE: &str = "a whole number";

/// 2⁶³: numbers of this size are read as if they had a fraction.
const TWO_63: f64 = 9_223_372_036_854_775_808.0;

/// Text in quotes, cut where it is long.
pub(super) fn quote(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}…", text.get(..end).unwrap_or(text)),
        None => format!("{text:?}"),
    }
}

/// `WeightNoise` as "weight noise".
pub(super) fn words_of(family: &str) -> String {
    let mut words = String::new();
    for c in family.chars() {
        if c.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words
}

/// The text of [`Words::Unknown`], about a setting, as the value it was.
fn unknown_setting(text: &str) -> Option<Words> {
    let (found, rest) = text.strip_prefix("unknown setting \"")?.split_once('"')?;
    let known = rest.split_once("(known: ").and_then(|(_, known)| known.strip_suffix(')'));
    let known: Vec<&str> = known.map_or(Vec::new(), |known| known.split(", ").collect());
    Some(Words::unknown("setting", found, &known))
}

/// What was wanted, from the words of serde.
fn wanted(expected: &dyn Expected) -> String {
    let text = expected.to_string();
    let word = match text.as_str() {
        "f32" | "f64" => "a number",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "a boolean" => "true or false",
        "a string" | "a borrowed string" => "text",
        "a map" => "a table",
        "a sequence" => "a list",
        other if other.starts_with("a nonzero ") => "a whole number, 1 or more",
        other if other.starts_with("struct ") => "a table",
        other if other.starts_with("enum ") || other.contains("identifier") => "a name",
        other if other.starts_with("a tuple") || other.starts_with("an array") => "a list",
        other if other.starts_with("dyn ") => "a plugin: its name, or a table with its `type`",
        other => other,
    };
    word.to_owned()
}

/// What was there.
fn there(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Str(text) => quote(text),
        Unexpected::Bool(value) => value.to_string(),
        Unexpected::Unsigned(value) => value.to_string(),
        Unexpected::Signed(value) => value.to_string(),
        Unexpected::Float(value) => format!("{value:?}"),
        Unexpected::Unit | Unexpected::Option => "nothing".into(),
        Unexpected::Seq => "a list".into(),
        Unexpected::Map => "a table".into(),
        other => other.to_string(),
    }
}

impl Words {
    fn unknown(what: &str, found: &str, known: &[&str]) -> Self {
        let known = known.iter().map(|&name| name.to_owned()).collect();
        Self::Unknown { what: what.into(), found: found.into(), known }
    }
}

impl Error for Words {
    fn custom<T: fmt::Display>(message: T) -> Self {
        let text = message.to_string();
        // What the registry of plugins hands on has lost all but its text.
        let missing = text.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
        if let Some(field) = missing.or_else(|| text.strip_prefix("missing: ")) {
            return Self::Missing(field.to_owned());
        }
        if let Some(unknown) = unknown_setting(&text) {
            return unknown;
        }
        let path = |c: char| c.is_ascii_alphanumeric() || "-_.[]".contains(c);
        match text.split_once(": expected ") {
            Some((setting, rest)) if !setting.is_empty() && setting.chars().all(path) => {
                Self::Setting(setting.to_owned(), format!("expected {rest}"))
            }
            _ => Self::Sentence(text),
        }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        if let Unexpected::Float(value) = found
            && value.abs() >= TWO_63
            && value.is_finite()
            && wanted(expected).starts_with(WHOLE)
        {
            return Self::Sentence(format!("expected a smaller whole number, found {value:?}"));
        }
        Self::Sentence(format!("expected {}, found {}", wanted(expected), there(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let wanted = match (found, wanted(expected)) {
            // It is whole and not negative, so it can only be too large.
            (Unexpected::Unsigned(1..), word) if word.starts_with(WHOLE) => {
                "a smaller whole number".into()
            }
            (_, word) => word,
        };
        Self::Sentence(format!("expected {wanted}, found {}", there(found)))
    }

    fn invalid_length(found: usize, expected: &dyn Expected) -> Self {
        Self::Sentence(format!("expected {}, found {found} items", wanted(expected)))
    }

    fn unknown_variant(found: &str, known: &'static [&'static str]) -> Self {
        Self::unknown("value", found, known)
    }

    fn unknown_field(found: &str, known: &'static [&'static str]) -> Self {
        Self::unknown("setting", found, known)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field.into())
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::Sentence(format!("{field} is set twice"))
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(field) => write!(f, "missing: {field}"),
            Self::Setting(setting, rest) => write!(f, "{setting}: {rest}"),
            Self::Sentence(text) => f.write_str(text),
            Self::Unknown { what, found, known } => {
                write!(f, "unknown {what} {}", quote(found))?;
                if let Some(hint) = hint(what, found, known) {
                    write!(f, "; {hint}")?;
                } else if let Some(near) = nearest(found, known.iter().map(String::as_str)) {
                    write!(f, "; did you mean {near:?}?")?;
                }
                match known.as_slice() {
                    [] => write!(f, " (there are none)"),
                    known => write!(f, " (known: {})", known.join(", ")),
                }
            }
        }
    }
}

impl std::error::Error for Words {}
