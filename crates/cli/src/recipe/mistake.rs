//! `Mistake`: what is wrong in a recipe, and where.

use super::node::Place;
use crate::failure::{Failure, Kind};

/// What is wrong in a recipe, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) place: Place,
    /// The path of the setting; empty where there is none.
    pub(crate) path: String,
    pub(crate) message: String,
}

impl Mistake {
    /// A mistake of a whole text at one place.
    pub(crate) fn at(place: Place, message: impl ToString) -> Self {
        Self { place, path: String::new(), message: message.to_string() }
    }

    /// One line: file, line, column, path, message.
    pub(crate) fn line(&self, file: &str, text: &str) -> String {
        let place = match &self.place {
            Place::Byte(byte) => {
                let (line, column) = position(text, *byte);
                format!("{file}:{line}:{column}: ")
            }
            Place::Set(argument) => format!("--set {argument}: "),
            Place::Nowhere if file.is_empty() => String::new(),
            Place::Nowhere => format!("{file}: "),
        };
        let path = if self.path.is_empty() { String::new() } else { format!("{}: ", self.path) };
        format!("{place}{path}{}", self.message)
    }

    /// The failure of a recipe of this name and text.
    pub(crate) fn failure(&self, file: &str, text: &str) -> Failure {
        Failure::new(Kind::Recipe, self.line(file, text))
    }
}

/// The byte at a line and a column, both from 1.
pub(super) fn byte_of(text: &str, line: usize, column: usize) -> usize {
    let start = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    let inside = rest.char_indices().nth(column.saturating_sub(1));
    inside.map_or(text.len(), |(byte, _)| start + byte)
}

/// Line and column of a byte, both from 1. A column is a character.
fn position(text: &str, byte: usize) -> (usize, usize) {
    let mut end = byte.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = text.get(..end).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or(before).chars().count() + 1;
    (line, column)
}
