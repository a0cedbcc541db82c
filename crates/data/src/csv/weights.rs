//! The column that says what each row counts in losses and scores.

use super::cell::{Words, quoted};
use super::columns::find_in_new;
use super::evidence::{Commas, Evidence};
use super::layout::Layout;
use super::pass::Place;
use super::records::Record;
use super::scan::Watch;
use crate::Csv;
use tanren_plugin::{DataError, Notation, Schema};

/// A column of weights, and how they are written.
pub(super) struct Weights {
    column: usize,
    notation: Notation,
}

/// What to look at in such a column.
pub(super) const fn watch(column: usize, said: Option<Notation>) -> Watch {
    Watch { column, levels: 0, always: false, said, beside: false }
}

/// The column of weights in a file that is read for a model, if targets are read, which alone can be
/// weighed. A file without it is noted: each of its rows counts 1.
pub(super) fn column_for(csv: &Csv, layout: &mut Layout, schema: &Schema) -> Option<usize> {
    let name = csv.weights.as_ref().filter(|_| !schema.targets.is_empty())?;
    let column = find_in_new(layout, name);
    if column.is_none() {
        layout.notes.push(format!("no column of weights {}: each row counts 1", quoted(name)));
    }
    column
}

impl Weights {
    pub(super) fn new(column: usize, evidence: &Evidence, commas: Commas) -> Self {
        Self { column, notation: evidence.numbers(commas).0 }
    }

    /// What a row counts.
    ///
    /// # Errors
    /// When that is missing, or no finite number from 0 on.
    pub(super) fn weight(
        &self,
        layout: &Layout,
        words: &Words,
        place: Place,
        record: Record<'_>,
    ) -> Result<f64, DataError> {
        let cell = record.cell(self.column);
        let weight = match words.missing(cell) {
            true => None,
            false => self.notation.value(cell).filter(|x| x.is_finite() && *x >= 0.0),
        };
        weight.ok_or_else(|| {
            let found = match words.missing(cell) {
                true => "a missing value".to_owned(),
                false => quoted(cell),
            };
            let error =
                layout.error(format!("expected a weight, a number from 0 on, found {found}"));
            error.line(place.line).row(place.row).column(layout.name(self.column))
        })
    }
}
