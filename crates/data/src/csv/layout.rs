//! `Layout`: how a file is laid out: its delimiter, its header, the names of its columns.

use super::cell::{Decimal, listed, number, quoted};
use super::delimiter;
use super::records::{Delimiter, Record, Records};
use crate::Csv;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use tanren_plugin::DataError;

/// How a file is laid out.
pub(super) struct Layout {
    pub(super) path: PathBuf,
    pub(super) delimiter: Delimiter,
    /// Whether the first record names the columns.
    pub(super) header: bool,
    /// The names of the columns: their positions where there is no header.
    pub(super) names: Vec<String>,
    /// The first record, for messages.
    pub(super) first: String,
}

impl Layout {
    /// Looks at a file. A first record that has all of the `known` names, if there are any, is its
    /// header.
    ///
    /// # Errors
    /// When the file has no rows, or its header names a column twice.
    pub(super) fn find(csv: &Csv, known: &[&str]) -> Result<Self, DataError> {
        let path = csv.path.as_path();
        let delimiter = match csv.delimiter.and_then(|c| u8::try_from(c).ok()) {
            Some(b' ') => Delimiter::Blanks,
            Some(byte) => Delimiter::Byte(byte),
            None => delimiter::find(path)?,
        };
        let mut records = Records::open(path, delimiter)?;
        let Some(record) = records.next()? else {
            return Err(DataError::new(path.display(), "expected rows, found an empty file"));
        };
        let (line, cells) = (record.line, record.cells().map(String::from).collect::<Vec<_>>());
        let first = listed(cells.iter().map(String::as_str));
        let header = match csv.header {
            Some(header) => header,
            None => {
                let has: HashSet<&str> = cells.iter().map(String::as_str).collect();
                let named = !known.is_empty() && known.iter().all(|name| has.contains(name));
                named || looks_like_header(path, delimiter, &cells, &mut records)?
            }
        };
        let names = if header {
            names(path, cells).map_err(|error| error.line(line))?
        } else {
            (0..cells.len()).map(|index| index.to_string()).collect()
        };
        Ok(Self { path: path.to_owned(), delimiter, header, names, first })
    }

    pub(super) fn error(&self, message: impl std::fmt::Display) -> DataError {
        DataError::new(self.path.display(), message)
    }

    pub(super) fn changed(&self) -> DataError {
        self.error("the file changed while it was read")
    }

    /// The name of a column; only those that exist are asked for.
    pub(super) fn name(&self, column: usize) -> &str {
        self.names.get(column).map(String::as_str).unwrap_or_default()
    }
}

/// Whether no cell of the first record is a number and some cell of a later one is.
fn looks_like_header(
    path: &Path,
    delimiter: Delimiter,
    first: &[String],
    later: &mut Records,
) -> Result<bool, DataError> {
    let comma = delimiter == Delimiter::Byte(b';');
    let is_number = |cell: &str| {
        number(cell, Decimal::Point).is_some_and(|x| !x.is_nan())
            || (comma && number(cell, Decimal::Comma).is_some())
    };
    if first.iter().any(|cell| is_number(cell)) {
        return Ok(false);
    }
    let any = |record: Record<'_>| record.cells().any(is_number);
    let mut alone = true;
    while let Some(record) = later.next()? {
        if any(record) {
            return Ok(true);
        }
        alone = false;
    }
    if alone {
        let first = listed(first.iter().map(String::as_str));
        let message = format!(
            "expected rows, found only what looks like a header: {first}; if it is a row of data, set \
             `header = false`"
        );
        return Err(DataError::new(path.display(), message));
    }
    Ok(false)
}

/// The names in a header; a column without one is named by its position.
fn names(path: &Path, mut cells: Vec<String>) -> Result<Vec<String>, DataError> {
    let error = |message: String| Err(DataError::new(path.display(), message));
    let mut places = HashMap::new();
    for (index, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
        if let Some(before) = places.insert(cell.clone(), index) {
            let name = quoted(cell);
            return error(format!(
                "columns {before} and {index} (counted from 0) are both named {name}"
            ));
        }
    }
    for (index, cell) in cells.iter_mut().enumerate().filter(|(_, cell)| cell.is_empty()) {
        *cell = index.to_string();
        if let Some(other) = places.get(cell) {
            let why = "has no name, and its position is already the name of column";
            return error(format!("column {index} (counted from 0) {why} {other}"));
        }
    }
    Ok(cells)
}
