//! `pass`: one reading of all rows.

use super::cell::{Words, is_value};
use super::layout::Layout;
use super::ragged::{After, Ragged};
use super::records::{Record, Records};
use std::hash::{DefaultHasher, Hasher};
use std::ops::ControlFlow;
use tanren_plugin::{DataError, Notation};

/// Where a row is.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Its number, from 0, counted below the header.
    pub(super) row: usize,
    /// The line it begins in, from 1.
    pub(super) line: u64,
}

/// A column in which a row must have a cell to be kept.
#[derive(Clone)]
pub(super) struct Need {
    pub(super) column: usize,
    /// How its numbers are written, where a cell that is none of them counts as missing.
    pub(super) notation: Option<Notation>,
}

impl Need {
    fn lacks(&self, words: &Words, record: Record<'_>) -> bool {
        let cell = record.cell(self.column);
        let none = |notation: &Notation| notation.value(cell).is_none();
        words.missing(cell) || self.notation.as_ref().is_some_and(none)
    }
}

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pass {
    /// Rows that have a cell in each column that is needed.
    pub(super) kept: usize,
    /// Rows that were left out.
    pub(super) dropped: usize,
    /// Rows at the end that have nothing in any cell, which are no rows.
    pub(super) blank: usize,
    /// Records that repeat the header, of files that were put together.
    pub(super) repeated: usize,
    /// Lines below the table that are no rows, and where the first of them is.
    pub(super) below: Option<(usize, u64)>,
    /// The line of the last row, if it alone begins with a word for a total.
    pub(super) total: Option<u64>,
    /// Lines that were no UTF-8.
    pub(super) foreign: u64,
    /// A hash of all cells: two passes over the same file have the same.
    hash: u64,
}

/// Shows `see` the rows below the header but those that miss a cell in one of the `needed` columns,
/// until it breaks off. Rows with nothing in any cell are rows only where others follow.
///
/// # Errors
/// When the file cannot be read, a record has another number of cells than the first, there are
/// no rows at all, or what `see` says.
pub(super) fn pass(
    layout: &Layout,
    words: &Words,
    needed: &[Need],
    mut see: impl FnMut(Place, Record<'_>) -> Result<ControlFlow<()>, DataError>,
) -> Result<Pass, DataError> {
    let mut records = Records::open(&layout.text, layout.delimiter)?;
    let mut hasher = DefaultHasher::new();
    let mut pass = Pass::default();
    let mut lead = layout.lead;
    let mut totals = 0;
    let nothing = vec![0; layout.names.len()];
    // The line of the first of the blank rows that are not yet followed by another.
    let mut blank_line = 0;
    let mut row = |record: Record<'_>, pass: &mut Pass| {
        if needed.iter().any(|need| need.lacks(words, record)) {
            pass.dropped += 1;
            return Ok(ControlFlow::Continue(()));
        }
        let place = Place { row: pass.kept + pass.dropped, line: record.line };
        pass.kept += 1;
        see(place, record)
    };
    'rows: while let Some(record) = records.next()? {
        hasher.write(record.text.as_bytes());
        let (expected, found) = (layout.names.len(), record.len());
        if found != expected {
            if lead > 0 && found + 1 == expected {
                lead -= 1; // a header that is one name short
                continue;
            }
            let first = pass.kept + pass.dropped + pass.blank == 0;
            let is_remark = found == 1 && !is_value(record.cell(0));
            let text = record.cells().collect::<Vec<_>>().join(" ").trim().to_owned();
            let ragged = Ragged { line: record.line, text, found, first };
            let after = After::look(&mut records);
            if expected > 2
                && is_remark
                && pass.kept > 0
                && let Some(lines) = after.remarks()
            {
                pass.below = Some((1 + lines, ragged.line));
                break;
            }
            return Err(ragged.error(layout, &after));
        }
        if lead > 0 {
            lead -= 1;
            continue;
        }
        if record.is_blank() && words.missing("") {
            if pass.blank == 0 {
                blank_line = record.line;
            }
            pass.blank += 1;
            continue;
        }
        if layout.header
            && expected > 1
            && record.cells().eq(layout.names.iter().map(String::as_str))
        {
            pass.repeated += 1;
            continue;
        }
        for before in 0..std::mem::take(&mut pass.blank) {
            let blank = Record::blank(blank_line + before as u64, &nothing);
            if row(blank, &mut pass)?.is_break() {
                break 'rows;
            }
        }
        pass.total = is_total(record).then_some(record.line);
        totals += usize::from(pass.total.is_some());
        if row(record, &mut pass)?.is_break() {
            break;
        }
    }
    if pass.kept + pass.dropped == 0 {
        return Err(layout.error("expected rows below the header, found none"));
    }
    pass.total = pass.total.filter(|_| totals == 1);
    pass.hash = hasher.finish();
    pass.foreign = records.foreign();
    Ok(pass)
}

/// Whether a row begins with a word for a total.
fn is_total(record: Record<'_>) -> bool {
    const WORDS: [&str; 7] =
        ["total", "totals", "sum", "grand total", "summe", "gesamt", "gesamtsumme"];
    let first = record.cell(0);
    // Most rows are told by their first byte.
    matches!(first.as_bytes().first(), Some(b't' | b'T' | b's' | b'S' | b'g' | b'G'))
        && WORDS.iter().any(|word| first.trim_end_matches(':').eq_ignore_ascii_case(word))
}
