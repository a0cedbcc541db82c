//! `pass`: one reading of all rows.

use super::cell::Words;
use super::layout::Layout;
use super::records::{Record, Records};
use std::hash::{DefaultHasher, Hasher};
use tanren_plugin::DataError;

/// Where a row is.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Its number, from 0, counted below the header.
    pub(super) row: usize,
    /// The line it begins in, from 1.
    pub(super) line: u64,
}

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pass {
    /// Rows that have a cell in each column that is needed.
    pub(super) kept: usize,
    /// Rows that were left out.
    pub(super) dropped: usize,
    /// A hash of all cells: two passes over the same file have the same.
    hash: u64,
}

/// Shows `see` all rows below the header but those that miss a cell in one of the `needed` columns.
///
/// # Errors
/// When the file cannot be read, a record has another number of cells than the first, there are
/// no rows at all, or what `see` says.
pub(super) fn pass(
    layout: &Layout,
    words: &Words,
    needed: &[usize],
    mut see: impl FnMut(Place, Record<'_>) -> Result<(), DataError>,
) -> Result<Pass, DataError> {
    let mut records = Records::open(&layout.path, layout.delimiter)?;
    let mut hasher = DefaultHasher::new();
    let mut pass = Pass::default();
    let mut header = layout.header;
    while let Some(record) = records.next()? {
        hasher.write(record.text.as_bytes());
        let (expected, found) = (layout.names.len(), record.len());
        if found != expected {
            let message = format!("expected {expected} cells, found {found}");
            return Err(layout.error(message).line(record.line));
        }
        if std::mem::take(&mut header) {
            continue;
        }
        if needed.iter().any(|&column| words.missing(record.cell(column))) {
            pass.dropped += 1;
            continue;
        }
        see(Place { row: pass.kept + pass.dropped, line: record.line }, record)?;
        pass.kept += 1;
    }
    if pass.kept + pass.dropped == 0 {
        return Err(layout.error("expected rows below the header, found none"));
    }
    pass.hash = hasher.finish();
    Ok(pass)
}
