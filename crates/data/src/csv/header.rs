//! The header of a file: whether its first record names the columns.

use super::below::Below;
use super::cell::{Words, is_placeholder, is_value};
use super::column_name::position;
use super::counted_names::are_names;
use super::lines::Text;
use super::records::{Delimiter, Records};
use crate::Csv;
use std::collections::HashSet;
use tanren_plugin::DataError;

/// What a model knows about a file for it.
#[derive(Default)]
pub(super) struct Known<'a> {
    /// The columns it reads.
    pub(super) names: Vec<&'a str>,
    /// Of a model, the columns that had something in the row of units of its training data, and what:
    /// for it, no row may be left out on a guess.
    pub(super) units: Option<Vec<(&'a str, &'a str)>>,
}

impl Known<'_> {
    /// Whether cells have names that the settings or a model know.
    pub(super) fn among(&self, cells: &[String], csv: &Csv) -> bool {
        let has: HashSet<&str> = cells.iter().map(String::as_str).collect();
        // A number may be a cell as well.
        let is_text = |name: &str| name.parse::<f64>().is_err();
        match self.names.as_slice() {
            [] => csv.named().any(|name| {
                has.contains(name) && (is_text(name) || position(name, cells.len()).is_none())
            }),
            names => {
                names.iter().any(|name| is_text(name) && has.contains(name))
                    || names.iter().all(|name| has.contains(name))
            }
        }
    }
}

/// Whether a record is a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    No,
    /// It has names that are known, or no number, and a later record has one.
    Sure,
    /// It looks like one.
    Likely,
}

/// The first record of a file.
pub(super) struct First {
    pub(super) cells: Vec<String>,
    /// Whether it has names that are known.
    pub(super) named: bool,
    pub(super) below: Below,
}

impl First {
    /// Reads the first record and looks at those below; `None` where there is none.
    pub(super) fn read(
        text: &Text,
        delimiter: Delimiter,
        words: &Words,
        named: impl FnOnce(&[String]) -> bool,
    ) -> Result<Option<Self>, DataError> {
        let mut records = Records::open(text, delimiter)?;
        let Some(record) = records.next()? else { return Ok(None) };
        let cells: Vec<String> = record.cells().map(String::from).collect();
        let below = Below::look(&cells, words, &mut records)?;
        Ok(Some(Self { named: named(&cells), below, cells }))
    }

    /// Whether some cell is a number or a date.
    pub(super) fn has_values(&self) -> bool {
        self.cells.iter().any(|cell| is_value(cell))
    }

    /// Whether it is a header, by what it says and by what is below.
    pub(super) fn header(&self, words: &Words) -> Header {
        if self.named {
            return Header::Sure;
        }
        if self.has_values() {
            return match are_names(&self.cells, &self.below, words) {
                true => Header::Likely,
                false => Header::No,
            };
        }
        match (self.below.values, self.below.differs) {
            (true, _) => Header::Sure,
            (false, true) => Header::Likely,
            (false, false) => Header::No,
        }
    }

    /// Whether it is a header for sure, even below records that may be one: a word of its own for each
    /// column, of which some have numbers only.
    pub(super) fn heads(&self, words: &Words) -> bool {
        let said = || self.cells.iter().filter(|cell| !cell.is_empty());
        let distinct = said().collect::<HashSet<_>>().len() == said().count();
        let is_word = |cell: &String| !words.missing(cell) && !is_placeholder(cell);
        let above = |(column, cell): (usize, &String)| {
            !cell.is_empty() && !is_value(cell) && self.below.has_numbers(column)
        };
        self.named
            || distinct
                && said().all(is_word)
                && self.cells.iter().enumerate().any(above)
                && self.header(words) != Header::No
    }
}
