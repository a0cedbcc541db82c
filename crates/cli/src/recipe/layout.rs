//! What the formats have in common: values on one line, text in quotes, how deep and how wide.

use super::mistake::Mistake;
use super::node::{Node, Place, Value};

/// The longest line that is not broken up, in characters.
pub(super) const WIDTH: usize = 100;

/// Tables and lists inside each other, at most.
pub(super) const DEPTH: usize = 64;

/// More than [`DEPTH`].
pub(super) fn deep(place: Place) -> Mistake {
    Mistake::at(
        place,
        format!("tables and lists are nested too deeply: expected at most {DEPTH} levels"),
    )
}

/// How a format writes what stands on one line.
pub(super) struct Style {
    pub(super) key: fn(&str) -> String,
    /// What stands between a key and its value.
    pub(super) between: &'static str,
    pub(super) text: fn(&str) -> String,
    pub(super) real: fn(f64) -> String,
}

impl Style {
    /// A value on one line.
    pub(super) fn inline(&self, node: &Node) -> String {
        match &node.value {
            Value::Null => "null".into(),
            Value::Bool(value) => value.to_string(),
            Value::Whole(value) => value.to_string(),
            Value::Real(value) => (self.real)(*value),
            Value::Text(text) => (self.text)(text),
            Value::List(items) => {
                let items: Vec<_> = items.iter().map(|item| self.inline(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Table(entries) if entries.is_empty() => "{}".into(),
            Value::Table(entries) => {
                let pair = |(key, value): &(super::node::Key, Node)| {
                    format!("{}{}{}", (self.key)(&key.name), self.between, self.inline(value))
                };
                format!("{{ {} }}", entries.iter().map(pair).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// Text in quotes as all three formats read it: what cannot be seen is written as its number.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if unseen(c) => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Characters below U+10000 that some format does not allow, or that move what is around them.
fn unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}')
}
