//! Values as people type them after `--set`: `no` for false, `tab` for a tab, one name where a list of
//! names is expected. A recipe in a file is held to its format.

use super::node::{Node, Place, Value};
use super::{path, toml};

/// Marks that have a name, or are written as in a program.
const MARKS: [(&str, char); 14] = [
    ("tab", '\t'),
    ("\\t", '\t'),
    ("blank", ' '),
    ("space", ' '),
    ("comma", ','),
    ("semicolon", ';'),
    ("colon", ':'),
    ("pipe", '|'),
    ("bar", '|'),
    ("hash", '#'),
    ("percent", '%'),
    ("tilde", '~'),
    ("caret", '^'),
    ("slash", '/'),
];

/// The text that was typed, where the node is one.
fn text(node: &Node) -> Option<&str> {
    match (&node.place, &node.value) {
        (Place::Set(_), Value::Text(text)) => Some(text),
        _ => None,
    }
}

/// Yes or no, in other words than `true` and `false`.
pub(super) fn answer(node: &Node) -> Option<bool> {
    match text(node)?.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// A character by its name.
pub(super) fn mark(node: &Node) -> Option<char> {
    let text = text(node)?;
    MARKS.iter().find(|(name, _)| text.eq_ignore_ascii_case(name)).map(|(_, mark)| *mark)
}

/// A number or a truth value where text is expected, as it was typed.
pub(super) fn number_as_text(node: &Node) -> Option<String> {
    let Place::Set(argument) = &node.place else { return None };
    let text = match &node.value {
        Value::Whole(value) => value.to_string(),
        Value::Real(value) => format!("{value:?}"),
        Value::Bool(value) => value.to_string(),
        _ => return None,
    };
    // An item of a list is not the whole argument.
    let typed = path::split(argument)?.1.trim();
    let whole = toml::parse_value(typed).is_some_and(|typed| typed.value == node.value);
    Some(if whole { typed.to_owned() } else { text })
}

/// Whether a node is one item where a list of such is expected.
pub(super) fn alone(node: &Node) -> bool {
    let item = !matches!(node.value, Value::Null | Value::List(_) | Value::Table(_));
    item && matches!(node.place, Place::Set(_))
}

/// The names in a text without quotes, separated by commas, if it has several; one of them may be empty.
pub(super) fn names(node: &Node) -> Option<impl Iterator<Item = &str>> {
    let text = text(node).filter(|text| text.contains(','))?;
    let Place::Set(argument) = &node.place else { return None };
    let typed = path::split(argument)?.1;
    // A text in quotes is one name, and so is an item of a list.
    let bare = typed == text && toml::parse_value(typed.trim()).is_none();
    bare.then(|| text.split(',').map(str::trim))
}

/// The items of a list from which a shell has taken the quotes: `[id, name]`.
pub(super) fn list(text: &str) -> Option<Value> {
    let items = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    let item = |item: &str| {
        let text = item.trim();
        let bare = || Node::new(Place::Nowhere, Value::Text(text.to_owned()));
        toml::parse_value(text).unwrap_or_else(bare)
    };
    // Lists and tables in it are for a notation with quotes.
    (!items.contains(['[', ']', '{', '}', '"', '\'']))
        .then(|| Value::List(items.split(',').map(item).collect()))
}
