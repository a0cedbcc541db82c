//! `Plan`: which fields a file becomes, and from which columns.

use super::cell::{Words, clipped};
use super::levels::Levels;
use super::pass::Need;
use super::weights::Weights;
use tanren_plugin::{Cycle, FieldSpec, Moment, Notation, UNKNOWN, Values};

/// The fields a file becomes.
pub(super) struct Plan {
    pub(super) inputs: Vec<Output>,
    pub(super) targets: Vec<Output>,
    /// Columns that are no inputs, one field each.
    pub(super) beside: Vec<Output>,
    /// Columns that stand beside predictions as they are written.
    pub(super) ids: Vec<usize>,
    /// The column that says what rows count.
    pub(super) weights: Option<Weights>,
    /// Whether the levels are those of a model, so that the file may have others.
    pub(super) of_model: bool,
    /// Columns in which a row must have a cell to be kept.
    pub(super) needed: Vec<Need>,
    pub(super) notes: Vec<String>,
}

impl Plan {
    /// All fields: inputs, then targets, then what is beside them.
    pub(super) fn outputs(&self) -> impl Iterator<Item = &Output> {
        self.inputs.iter().chain(&self.targets).chain(&self.beside)
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
    Number(Notation),
    /// A time, and where it stands in a cycle.
    Cycle(Notation, Cycle),
    Level(Levels),
}

/// One number of a field.
pub(super) struct Part {
    pub(super) column: usize,
    reading: Reading,
    /// Cells that were missing.
    pub(super) missing: usize,
    /// Cells that were no numbers, and the first of them.
    pub(super) odd: usize,
    pub(super) first_odd: Option<(String, u64)>,
    /// Cells that were no level, and the first of them.
    pub(super) unknown: usize,
    pub(super) first_unknown: Option<(String, u64)>,
}

impl Part {
    pub(super) const fn new(column: usize, reading: Reading) -> Self {
        let (missing, odd, unknown) = (0, 0, 0);
        Self { column, reading, missing, odd, first_odd: None, unknown, first_unknown: None }
    }

    /// Whether it says the same of a cell as the part before it, in another way.
    pub(super) const fn is_cycle(&self) -> bool {
        matches!(self.reading, Reading::Cycle(..))
    }

    /// The level a cell is, if it is one.
    pub(super) fn level(&mut self, cell: &str) -> Option<u32> {
        match &mut self.reading {
            Reading::Level(levels) => levels.find(cell),
            Reading::Number(_) | Reading::Cycle(..) => None,
        }
    }

    /// The number a cell in a line is: NaN where it is missing or no number, [`UNKNOWN`] where it
    /// is no level.
    pub(super) fn number(&mut self, cell: &str, line: u64, words: &Words) -> f64 {
        if words.missing(cell) {
            self.missing += 1;
            return f64::NAN;
        }
        let number = match &mut self.reading {
            Reading::Number(notation) => notation.value(cell),
            Reading::Cycle(notation, cycle) => {
                notation.value(cell).map(|days| cycle.at(Moment(days)))
            }
            Reading::Level(levels) => {
                return levels.find(cell).map_or_else(
                    || {
                        self.unknown += 1;
                        self.first_unknown
                            .get_or_insert_with(|| (clipped(cell).into_owned(), line));
                        UNKNOWN
                    },
                    f64::from,
                );
            }
        };
        number.filter(|x| x.is_finite()).unwrap_or_else(|| {
            self.odd += 1;
            self.first_odd.get_or_insert_with(|| (clipped(cell).into_owned(), line));
            f64::NAN
        })
    }
}
