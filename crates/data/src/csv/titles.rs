//! Titles above a table that are filled up with delimiters, as spreadsheets save them.

use super::cell::is_value;
use super::lines::Text;
use super::records::{Delimiter, Records};
use tanren_plugin::DataError;

/// The most records of titles.
const MOST: usize = 20;

/// How many lines come before the first record but the top one that has names which are `known`, and no
/// number.
pub(super) fn above_known(
    text: &Text,
    delimiter: Delimiter,
    known: impl Fn(&[String]) -> bool,
) -> Result<Option<u64>, DataError> {
    let mut records = Records::open(text, delimiter)?;
    for above in 0..=MOST {
        // What is wrong with a record is for the reader to say.
        let Ok(Some(record)) = records.next() else { break };
        let cells: Vec<String> = record.cells().map(String::from).collect();
        if above > 0 && !cells.iter().any(|cell| is_value(cell)) && known(&cells) {
            return Ok(Some(record.line - 1));
        }
    }
    Ok(None)
}

/// How many lines come before the first record that has a cell in every column but perhaps the first,
/// if those above have not: titles, groups of columns, and blank rows.
pub(super) fn end(text: &Text, delimiter: Delimiter) -> Result<Option<u64>, DataError> {
    let mut records = Records::open(text, delimiter)?;
    let mut cells = None;
    for above in 0..=MOST {
        // What is wrong with a record is for the reader to say.
        let Ok(Some(record)) = records.next() else { break };
        if *cells.get_or_insert(record.len()) != record.len() {
            break;
        }
        if record.cells().skip(1).all(|cell| !cell.is_empty()) {
            return Ok((above > 0).then(|| record.line - 1));
        }
    }
    Ok(None)
}
