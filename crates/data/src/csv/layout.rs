//! `Layout`: how a file is laid out: where its table begins, its delimiter, the names of its columns.

use super::cell::{is_value, listed};
use super::delimiter::{self, Found};
use super::header::{Below, names};
use super::lines::{Lines, MAX_RECORD, Text};
use super::records::{Delimiter, Records};
use crate::file::input;
use crate::file::notes::counted;
use crate::{Csv, Encoding};
use std::collections::HashSet;
use tanren_plugin::DataError;

/// How a file is laid out.
pub(super) struct Layout {
    pub(super) text: Text,
    pub(super) delimiter: Delimiter,
    /// Whether the columns have names.
    pub(super) header: bool,
    /// How many records come before the rows: a header, units.
    pub(super) lead: usize,
    /// The names of the columns: their positions where there is no header.
    pub(super) names: Vec<String>,
    /// The first record, for messages.
    pub(super) first: String,
    /// What was found by looking and is worth saying.
    pub(super) notes: Vec<String>,
}

impl Layout {
    /// Looks at a file. A first record that has one of the `known` names is its header.
    ///
    /// # Errors
    /// When the file has no rows.
    pub(super) fn find(csv: &Csv, known: &[&str]) -> Result<Self, DataError> {
        let mut notes = Vec::new();
        let mut written = None;
        if let Some(left_out) = input::left_out(&csv.path)? {
            // The layout of what is written out from a Parquet file is known.
            let (header, encoding) = (Some(true), Some(Encoding::Utf8));
            let (delimiter, skip, comment) = (Some(','), Some(0), None);
            let known = Csv { header, encoding, delimiter, skip, comment, ..csv.clone() };
            written = Some(known);
            if !left_out.is_empty() {
                let names = listed(left_out.iter().map(String::as_str));
                notes.push(format!("left out, as neither numbers nor texts: {names}"));
            }
        }
        let csv = written.as_ref().unwrap_or(csv);
        let ascii = |c: char| u8::try_from(c).ok();
        let comment = csv.comment.and_then(ascii);
        let skip = csv.skip.unwrap_or(0) as u64;
        let mut text = Text {
            path: csv.path.clone(),
            encoding: csv.encoding,
            skip,
            comment,
            backslash: false,
        };
        let mut said = csv.delimiter.and_then(ascii).map(|byte| match byte {
            b' ' => Delimiter::Blanks,
            byte => Delimiter::Byte(byte),
        });
        let mut commented = None;
        if csv.skip.is_none() && said.is_none() {
            // A first line of Excel: sep=;
            said = separator(&text)?;
            text.skip = u64::from(said.is_some());
        }
        if csv.comment.is_none() {
            commented = comments(&text)?;
            text.comment = commented.as_ref().map(|_| COMMENT);
        }
        text.backslash = has_backslashes(&text)?;
        if text.backslash {
            notes.push("a backslash before a quote is read as part of the quote".into());
        }
        let Found { delimiter, heading, short } = delimiter::find(&text, said)?;
        if heading > 0 {
            let lines = counted(heading as usize, "line");
            notes.push(format!("{lines} above the table left out (`skip` says how many)"));
            text.skip = heading;
        }
        let mut records = Records::open(&text, delimiter)?;
        let Some(record) = records.next()? else {
            return Err(text.error("expected rows, found an empty file"));
        };
        let cells: Vec<String> = record.cells().map(String::from).collect();
        let mut first = listed(cells.iter().map(String::as_str));

        // The last comment above the rows may name the columns.
        let above = commented.as_deref().unwrap_or_default();
        let above = split(above.trim_start_matches(char::from(COMMENT)), delimiter);
        let named_above = above.len() == cells.len()
            && above.len() > 1
            && !above.iter().any(|cell| is_value(cell) || cell.is_empty());
        if commented.is_some() && !named_above {
            notes.push("lines that begin with # are left out (`comment` says which)".into());
        }
        if named_above && csv.header != Some(false) {
            first = listed(above.iter().map(String::as_str));
            let (names, more) = names(above);
            notes.extend(more);
            return Ok(Self { text, delimiter, header: true, lead: 0, names, first, notes });
        }

        let has: HashSet<&str> = cells.iter().map(String::as_str).collect();
        // A number may be a cell as well.
        let is_name = |name: &str| name.parse::<f64>().is_err() && has.contains(name);
        let named = match known {
            [] => csv.named().any(is_name),
            _ => known.iter().any(|n| is_name(n)) || known.iter().all(|name| has.contains(name)),
        };
        let below = Below::look(&cells, &mut records)?;
        let header = match csv.header {
            Some(header) => header,
            None if named || short => true,
            None if cells.iter().any(|cell| is_value(cell)) => false,
            None if !below.any => {
                let message = format!(
                    "expected rows, found only what looks like a header: {first}; if it is a row of \
                     data, set `header = false`"
                );
                return Err(text.error(message));
            }
            None => below.values || below.differs,
        };
        if !header {
            let names = (0..cells.len()).map(|index| index.to_string()).collect();
            return Ok(Self { text, delimiter, header, lead: 0, names, first, notes });
        }
        let mut cells = cells;
        if short {
            match ends_empty(&text, delimiter)? {
                true => cells.push(String::new()),
                false => {
                    cells.insert(0, ROW_NAMES.into());
                    notes.push(format!(
                        "the header has one name less than the rows have cells: the first column is \
                         called {ROW_NAMES}"
                    ));
                }
            }
        }
        let units = below.units && csv.header.is_none();
        if units {
            notes.push("the record below the header is left out: it has the units".into());
        }
        let (names, more) = names(cells);
        notes.extend(more);
        let lead = 1 + usize::from(units);
        Ok(Self { text, delimiter, header, lead, names, first, notes })
    }

    pub(super) fn error(&self, message: impl std::fmt::Display) -> DataError {
        self.text.error(message)
    }

    pub(super) fn changed(&self) -> DataError {
        self.error("the file changed while it was read")
    }

    /// The name of a column; only those that exist are asked for.
    pub(super) fn name(&self, column: usize) -> &str {
        self.names.get(column).map(String::as_str).unwrap_or_default()
    }
}

/// What the column of row names is called, for which the header has no name.
const ROW_NAMES: &str = "row_name";

/// What a line begins with that is a comment, if the file begins with such a line.
const COMMENT: u8 = b'#';

/// The delimiter that the first line of a file says: `sep=;`.
fn separator(text: &Text) -> Result<Option<Delimiter>, DataError> {
    let mut line = Vec::new();
    Lines::open(text)?.next(MAX_RECORD, &mut line)?;
    Ok(match line.trim_ascii_end() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', byte] if !byte.is_ascii_alphanumeric() => {
            Some(Delimiter::Byte(*byte))
        }
        b"sep=" => Some(Delimiter::Byte(b'\t')), // the tab was trimmed
        _ => None,
    })
}

/// The last of the comments that a file begins with, if it begins with one.
fn comments(text: &Text) -> Result<Option<String>, DataError> {
    let (mut lines, mut line, mut last) = (Lines::open(text)?, Vec::new(), None);
    while lines.next(MAX_RECORD, &mut line)? {
        if line.starts_with(&[COMMENT]) {
            last = Some(String::from_utf8_lossy(&line).trim_end().to_owned());
        } else if !line.trim_ascii().is_empty() {
            break;
        }
    }
    Ok(last)
}

/// How many lines are looked at for quotes with a backslash before them.
const LOOK: usize = 1000;

/// Whether quotes inside of quotes have a backslash before them: one with a text behind it, which
/// could neither be the end of a cell nor the first of two quotes that stand for one.
fn has_backslashes(text: &Text) -> Result<bool, DataError> {
    let (mut lines, mut line) = (Lines::open(text)?, Vec::new());
    let within = |line: &[u8]| {
        let text = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 128 || byte == b' ';
        line.contains(&b'\\')
            && line.windows(3).any(|three| matches!(*three, [b'\\', b'"', next] if text(next)))
    };
    for _ in 0..LOOK {
        match lines.next(MAX_RECORD, &mut line) {
            Ok(true) if within(&line) => return Ok(true),
            Ok(true) => {}
            // What is wrong is for the reader to say.
            Ok(false) | Err(_) => break,
        }
    }
    Ok(false)
}

/// A line of plain cells.
fn split(line: &str, delimiter: Delimiter) -> Vec<String> {
    let trimmed = |cell: &str| cell.trim().to_owned();
    match delimiter {
        Delimiter::Byte(byte) => line.split(char::from(byte)).map(trimmed).collect(),
        Delimiter::Blanks => line.split_whitespace().map(trimmed).collect(),
        Delimiter::None => vec![trimmed(line)],
    }
}

/// Whether the rows of a file end in a delimiter: their last cell is empty.
fn ends_empty(text: &Text, delimiter: Delimiter) -> Result<bool, DataError> {
    let mut records = Records::open(text, delimiter)?;
    records.next()?;
    while let Some(record) = records.next()? {
        if !record.cell(record.len().saturating_sub(1)).is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}
