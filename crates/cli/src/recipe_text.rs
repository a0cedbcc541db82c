//! Writing a recipe as TOML: short plugins on one line, every default said.

use crate::auto::Choice;
use crate::failure::{Failure, Kind};
use std::fmt::Write as _;
use tanren_trainer::Recipe;
use toml::Value;

/// The longest line that is not broken up.
const WIDTH: usize = 100;

/// The recipe as TOML below a comment, which is `#` lines. What is written reads back equal.
pub(crate) fn to_toml(recipe: &Recipe, comment: &str) -> Result<String, Failure> {
    let fail = |e: &dyn std::fmt::Display| {
        Failure::new(Kind::Recipe, format!("the recipe cannot be written as TOML: {e}"))
    };
    let value = toml::Table::try_from(recipe).map_err(|e| fail(&e))?;
    let wanted = serde_json::to_value(recipe).map_err(|e| fail(&e))?;
    // A plugin from outside may not take its bare name for a table inside it: then it gets the
    // table.
    for text in [short(&value), toml::to_string_pretty(&value).map_err(|e| fail(&e))?] {
        let read = toml::from_str::<Recipe>(&text).ok();
        if read.and_then(|read| serde_json::to_value(read).ok()).as_ref() == Some(&wanted) {
            return Ok(format!("{comment}{text}"));
        }
    }
    Err(fail(&"it does not read back as it was"))
}

/// The comment of an automatic recipe.
pub(crate) fn comment(choices: &[Choice]) -> String {
    let mut text = format!("# Written by tanren {}.", env!("CARGO_PKG_VERSION"));
    if choices.is_empty() {
        text.push_str(" Every default is written out.\n\n");
        return text;
    }
    text.push_str(" Chosen automatically:\n");
    for Choice { what, value, why } in choices {
        let _ = writeln!(text, "#   {:9} {value}: {why}", format!("{what}:"));
    }
    text.push('\n');
    text
}

/// The comment a text begins with.
pub(crate) fn leading_comment(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines.take_while(|line| line.starts_with('#') || line.trim().is_empty()).collect()
}

/// Plain keys first, then one section per table, its values on one line where they fit.
fn short(recipe: &toml::Table) -> String {
    let mut text = String::new();
    let (sections, plain): (Vec<_>, Vec<_>) = recipe.iter().partition(|(_, v)| v.is_table());
    for (key, value) in plain {
        entry(&mut text, key, value);
    }
    for (name, section) in sections {
        let _ = writeln!(text, "\n[{}]", quoted(name));
        for (key, value) in section.as_table().into_iter().flatten() {
            entry(&mut text, key, value);
        }
    }
    text
}

fn entry(text: &mut String, key: &str, value: &Value) {
    let (key, line) = (quoted(key), inline(value));
    match value {
        Value::Array(items) if items.len() > 1 && key.len() + line.len() + 3 > WIDTH => {
            let _ = writeln!(text, "{key} = [");
            for item in items {
                let _ = writeln!(text, "  {},", inline(item));
            }
            text.push_str("]\n");
        }
        _ => {
            let _ = writeln!(text, "{key} = {line}");
        }
    }
}

/// A value on one line, a plugin without settings as its bare name.
fn inline(value: &Value) -> String {
    let join = |items: Vec<String>| items.join(", ");
    match value {
        Value::Table(table) => match table.get("type") {
            Some(name @ Value::String(_)) if table.len() == 1 => inline(name),
            _ if table.is_empty() => "{}".into(),
            _ => {
                let pair = |(k, v): (&String, &Value)| format!("{} = {}", quoted(k), inline(v));
                format!("{{ {} }}", join(table.iter().map(pair).collect()))
            }
        },
        Value::Array(items) => format!("[{}]", join(items.iter().map(inline).collect())),
        other => other.to_string(),
    }
}

/// A key, in quotes where it needs them.
fn quoted(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    match key.is_empty() || !key.chars().all(bare) {
        true => Value::String(key.to_owned()).to_string(),
        false => key.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tanren_data::{EMBEDDED, embedded};

    #[test]
    fn automatic_recipes_are_short_and_read_back() {
        for name in EMBEDDED {
            let source = embedded(name).unwrap();
            let table = source.open().unwrap();
            let (recipe, choices) = crate::automatic(source, &table).unwrap();
            let text = to_toml(&recipe, &comment(&choices)).unwrap();
            assert!(text.contains(&format!("source = \"{name}\"")), "{text}");
            assert!(text.contains("beta1 = 0.9"), "defaults are written out: {text}");
            assert_eq!(leading_comment(&text), comment(&choices));
        }
    }
}
