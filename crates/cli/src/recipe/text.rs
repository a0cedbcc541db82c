//! Writing a recipe, with every default and with the reasons as comments.

use super::decode::decode;
use super::format::Format;
use super::json::tree_of;
use super::node::{Node, Value};
use super::toml::MOST;
use crate::automatic::Choice;
use crate::failure::{Failure, Kind};
use std::fmt::{Display, Write as _};
use tanren_trainer::Recipe;

/// The recipe below a comment, which is `#` lines, where the format has comments. What is written
/// reads back equal.
pub(crate) fn write(recipe: &Recipe, format: Format, comment: &str) -> Result<String, Failure> {
    let fail = |e: &dyn Display| {
        Failure::new(Kind::Recipe, format!("the recipe cannot be written as {format}: {e}"))
    };
    let full = tree_of(recipe).map_err(|e| fail(&e))?;
    if format == Format::Toml
        && let Some((path, found)) = too_large(&full, "")
    {
        let message = format!("{path}: expected at most {MOST} in TOML, found {found}");
        return Err(fail(&format!("{message}; use JSON or YAML for larger numbers")));
    }
    let wanted = serde_json::to_string(recipe).map_err(|e| fail(&e))?;
    let comment = if format.has_comments() { comment } else { "" };
    // A plugin from outside may not take its bare name for a table inside it: then it gets the
    // table.
    for node in [full.clone().short(), full] {
        let text = format!("{comment}{}", format.write(&node));
        let read = format.parse(&text).and_then(|node| decode::<Recipe>(&node, ""));
        if read.is_ok_and(|read| serde_json::to_string(&read).is_ok_and(|read| read == wanted)) {
            return Ok(text);
        }
    }
    Err(fail(&"the written text does not read back as the same recipe"))
}

/// The first whole number that TOML cannot hold, with its path.
fn too_large(node: &Node, path: &str) -> Option<(String, i128)> {
    match &node.value {
        Value::Whole(value) if *value > MOST.into() => Some((path.to_owned(), *value)),
        Value::List(items) => {
            let mut numbered = items.iter().enumerate();
            numbered.find_map(|(i, item)| too_large(item, &format!("{path}[{i}]")))
        }
        Value::Table(entries) => entries.iter().find_map(|(key, value)| {
            let dot = if path.is_empty() { "" } else { "." };
            too_large(value, &format!("{path}{dot}{}", key.name))
        }),
        _ => None,
    }
}

/// The comment of a recipe, with the reasons of an automatic one.
pub(crate) fn comment(choices: &[Choice]) -> String {
    let mut text = format!("# Written by tanren {}.", env!("CARGO_PKG_VERSION"));
    if choices.is_empty() {
        text.push_str(" Every default is filled in.\n\n");
        return text;
    }
    text.push_str(" Chosen automatically:\n");
    for Choice { what, value, why } in choices {
        let line = format!("#   {:14} {value} ({why})", format!("{what}:"));
        // A name in the data may hold anything, even the end of a line.
        let _ = writeln!(text, "{}", line.replace(char::is_control, " "));
    }
    text.push('\n');
    text
}

/// The comment a text begins with.
pub(crate) fn leading_comment(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines.take_while(|line| line.starts_with('#') || line.trim().is_empty()).collect()
}
