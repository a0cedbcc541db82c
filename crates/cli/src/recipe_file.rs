//! Reading a recipe from a file: every mistake with file, line, column and field.

use crate::failure::{Failure, Kind};
use crate::nearest::suggest;
use serde::Deserialize;
use std::path::Path;
use tanren_trainer::Recipe;

/// Reads a recipe, as JSON where the file's name ends so, as TOML otherwise.
pub(crate) fn read(path: &Path) -> Result<Recipe, Failure> {
    let fail = |message: String| Failure::new(Kind::Recipe, message);
    let text = std::fs::read_to_string(path)
        .map_err(|e| fail(format!("cannot read recipe {}: {e}", path.display())))?;
    let json = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    let recipe = if json { from_json(&text) } else { from_toml(&text) };
    recipe.map_err(|mistake| fail(mistake.at(path)))
}

/// What is wrong in a recipe, and where.
struct Mistake {
    line: usize,
    column: usize,
    field: String,
    message: String,
}

impl Mistake {
    fn at(&self, path: &Path) -> String {
        let Self { line, column, field, .. } = self;
        let field = match field.as_str() {
            "" | "." => String::new(),
            field => format!("{field}: "),
        };
        // Later lines name the enclosing tables again, which the field already does.
        let message = suggest(self.message.lines().next().unwrap_or_default());
        format!("{}:{line}:{column}: {field}{message}", path.display())
    }
}

fn from_toml(text: &str) -> Result<Recipe, Mistake> {
    let mistake = |error: &toml::de::Error, field: String| {
        let (line, column) = position(text, error.span().map_or(0, |span| span.start));
        Mistake { line, column, field, message: error.message().to_owned() }
    };
    let document = toml::Deserializer::parse(text).map_err(|e| mistake(&e, String::new()))?;
    serde_path_to_error::deserialize(document).map_err(|error| {
        let field = error.path().to_string();
        mistake(error.inner(), field)
    })
}

fn from_json(text: &str) -> Result<Recipe, Mistake> {
    let mistake = |error: &serde_json::Error, field: String| {
        let (line, column) = (error.line(), error.column());
        let message = error.to_string();
        let place = format!(" at line {line} column {column}");
        let message = message.strip_suffix(&place).unwrap_or(&message).to_owned();
        Mistake { line, column, field, message }
    };
    let mut document = serde_json::Deserializer::from_str(text);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut document, &mut track);
    let recipe = Recipe::deserialize(tracked);
    let recipe = recipe.map_err(|e| mistake(&e, track.path().to_string()))?;
    document.end().map_err(|e| mistake(&e, String::new()))?;
    Ok(recipe)
}

/// Line and column of a byte, both from 1.
fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or(before).chars().count() + 1;
    (line, column)
}
