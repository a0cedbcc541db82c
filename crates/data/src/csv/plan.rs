//! `Plan`: which fields a file becomes, and from which columns.

use super::cell::{Decimal, Words, number};
use super::levels::Levels;
use tanren_plugin::{FieldSpec, UNKNOWN, Values};

/// The fields a file becomes.
pub(super) struct Plan {
    pub(super) inputs: Vec<Output>,
    pub(super) targets: Vec<Output>,
    /// Whether the levels are those of a model, so that the file may have others.
    pub(super) of_model: bool,
    pub(super) notes: Vec<String>,
}

impl Plan {
    /// All fields, inputs first.
    pub(super) fn outputs(&self) -> impl Iterator<Item = &Output> {
        self.inputs.iter().chain(&self.targets)
    }
}

/// A field, and the columns its numbers come from.
pub(super) struct Output {
    pub(super) spec: FieldSpec,
    pub(super) parts: Vec<Part>,
}

impl Output {
    /// Room for its values of so many rows; `None` when there is not so much memory.
    pub(super) fn room(&self, rows: usize) -> Option<Values> {
        let numbers = rows.checked_mul(self.parts.len())?;
        if self.spec.shape.indices {
            reserve(numbers).map(Values::Indices)
        } else {
            reserve(numbers).map(Values::Double)
        }
    }
}

/// An empty vector with room for so many numbers; `None` when there is not so much memory.
pub(super) fn reserve<T>(numbers: usize) -> Option<Vec<T>> {
    let mut values = Vec::new();
    values.try_reserve_exact(numbers).ok().map(|()| values)
}

/// How a cell becomes a number.
pub(super) enum Reading {
    Number(Decimal),
    Level(Levels),
}

/// One number of a field.
pub(super) struct Part {
    pub(super) column: usize,
    reading: Reading,
    /// Cells that were missing.
    pub(super) missing: usize,
    /// Cells that were no level.
    pub(super) unknown: usize,
}

impl Part {
    pub(super) const fn new(column: usize, reading: Reading) -> Self {
        Self { column, reading, missing: 0, unknown: 0 }
    }

    /// The level a cell is, if it is one.
    pub(super) fn level(&self, cell: &str) -> Option<u32> {
        match &self.reading {
            Reading::Level(levels) => levels.find(cell),
            Reading::Number(_) => None,
        }
    }

    /// The number a cell is, NaN where it is missing and [`UNKNOWN`] where it is no level; `None`
    /// where it is no number but must be.
    pub(super) fn number(&mut self, cell: &str, words: &Words) -> Option<f64> {
        if words.missing(cell) {
            self.missing += 1;
            return Some(f64::NAN);
        }
        match &self.reading {
            Reading::Number(decimal) => number(cell, *decimal).filter(|x| x.is_finite()),
            Reading::Level(levels) => Some(levels.find(cell).map_or_else(
                || {
                    self.unknown += 1;
                    UNKNOWN
                },
                f64::from,
            )),
        }
    }
}
