//! `Layout`: how a file is laid out: where its table begins, its delimiter, the names of its columns.

use super::cell::{Words, listed};
use super::comments::{COMMENT, Comments};
use super::delimiter::{self, Found};
use super::files::{FILE, Files};
use super::header::{First, Header, Known};
use super::lines::{Lines, MAX_RECORD, Text};
use super::names::names;
use super::records::{Delimiter, Records};
use super::titles;
use crate::file::input;
use crate::file::notes::counted;
use crate::{Csv, Encoding};
use std::collections::BTreeMap;
use std::sync::Arc;
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
    /// The cells of the row of units; none where there is no such row.
    pub(super) units: Vec<String>,
    /// The first record, for messages.
    pub(super) first: String,
    /// What was found by looking and is worth saying.
    pub(super) notes: Vec<String>,
}

impl Layout {
    /// Looks at a file. A first record that has a name the settings or a model know is its header.
    ///
    /// # Errors
    /// When the file has no rows.
    pub(super) fn find(csv: &Csv, words: &Words, known: &Known<'_>) -> Result<Self, DataError> {
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
        let files = Files::of(csv, words, known)?;
        if let Some(files) = &files {
            written = Some(files.written(csv));
            notes.extend(files.notes.iter().cloned());
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
            files: files.map(Arc::new),
        };
        let mut said = csv.delimiter.and_then(ascii).map(|byte| match byte {
            b' ' => Delimiter::Blanks,
            byte => Delimiter::Byte(byte),
        });
        if csv.skip.is_none() && said.is_none() {
            // A first line of Excel: sep=;
            said = separator(&text)?;
            text.skip = u64::from(said.is_some());
        }
        let comments = match csv.comment {
            None => Comments::find(&text, said)?,
            Some(_) => None,
        };
        if comments.is_some() {
            text.comment = Some(COMMENT);
        }
        text.backslash = has_backslashes(&text)?;
        if text.backslash {
            notes.push("a backslash before a quote is read as part of the quote".into());
        }
        let Found { delimiter, heading, short, rare } = delimiter::find(&text, said)?;
        let above = text.skip;
        if heading > 0 {
            text.skip = heading;
        }
        if let (true, Delimiter::Byte(byte)) = (rare, delimiter) {
            let mark = char::from(byte);
            notes.push(format!("the cells are separated by {mark:?} (`delimiter` says otherwise)"));
        }
        let named = |cells: &[String]| known.among(cells, csv);
        let read = |text: &Text| First::read(text, delimiter, words, named);
        let Some(mut first) = read(&text)? else {
            return Err(text.error("expected rows, found an empty file"));
        };
        if csv.skip.is_none() && csv.header != Some(false) && !first.named {
            let filled_up = titles::end(&text, delimiter)?;
            let known = titles::above_known(&text, delimiter, named)?;
            for end in filled_up.into_iter().chain(known) {
                let further = Text { skip: end, ..text.clone() };
                if let Some(header) = read(&further)?.filter(|first| first.heads(words)) {
                    (text, first) = (further, header);
                    break;
                }
            }
        }
        if text.skip > above {
            let lines = counted((text.skip - above) as usize, "line");
            notes.push(format!("{lines} above the table left out (`skip` says how many)"));
        }

        // The last comment above the rows may name the columns, unless the first record does.
        if let Some(comments) = &comments {
            let above = match csv.header != Some(false) && !first.named {
                true => comments.names(&text, delimiter, first.cells.len())?,
                false => None,
            };
            let is_header = |cells: &Vec<String>| named(cells) || first.header(words) == Header::No;
            if let Some(cells) = above.filter(is_header) {
                let first = listed(cells.iter().map(String::as_str));
                let (names, more) = names(cells);
                notes.extend(more);
                return Ok(Self {
                    text,
                    delimiter,
                    header: true,
                    lead: 0,
                    names,
                    units: Vec::new(),
                    first,
                    notes,
                });
            }
            notes.push("lines that begin with # are left out (`comment` says which)".into());
        }

        let shown = listed(first.cells.iter().map(String::as_str));
        let header = match csv.header {
            Some(true) => Header::Sure,
            Some(false) => Header::No,
            None if short => Header::Sure,
            None if !first.named && !first.has_values() && !first.below.any => {
                let message = format!(
                    "expected rows, found only what looks like a header: {shown}; if it is a row of \
                     data, set `header = false`"
                );
                return Err(text.error(message));
            }
            None => first.header(words),
        };
        let mut cells = first.cells;
        if header == Header::No {
            let names = (0..cells.len()).map(|index| index.to_string()).collect();
            let header = false;
            let (units, first) = (Vec::new(), shown);
            return Ok(Self { text, delimiter, header, lead: 0, names, units, first, notes });
        }
        if header == Header::Likely {
            notes.push(format!(
                "the first row is taken for the header: {shown} (`header = false` says otherwise)"
            ));
        }
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
        let (names, more) = names(cells);
        let below = &first.below;
        let has_units = match &known.units {
            None => below.begins_with_units(words, false),
            Some(units) => below.has_units(&names, units) || below.begins_with_units(words, true),
        };
        let mut units = Vec::new();
        if csv.header.is_none() && has_units {
            units = below.second().map(String::from).collect();
            let units = listed(below.second());
            notes.push(format!(
                "the record below the header is left out: it has the units ({units})"
            ));
        }
        let others = below.other_units(&names, known.units.as_deref().unwrap_or_default(), words);
        if csv.header.is_none() && !others.is_empty() {
            let is_row = if units.is_empty() { "; it is read as a row" } else { "" };
            notes.push(format!(
                "the record below the header has other units than in training ({}), but numbers are \
                 read as they are{is_row}",
                others.join(", ")
            ));
        }
        if first.below.rules > 0 {
            notes.push("lines drawn with dashes are left out".into());
        }
        notes.extend(more);
        let lead = 1 + usize::from(!units.is_empty());
        if let Some(files) = &text.files {
            units.clone_from(&files.units); // which are in no row any more
        }
        Ok(Self { text, delimiter, header: true, lead, names, units, first: shown, notes })
    }

    pub(super) fn error(&self, message: impl std::fmt::Display) -> DataError {
        self.text.error(message)
    }

    pub(super) fn changed(&self) -> DataError {
        self.error("the file changed while it was read")
    }

    /// How many columns may be named by their places: those of a file, before one that says which file it is.
    pub(super) fn places(&self) -> usize {
        self.names.len() - usize::from(self.text.files.is_some())
    }

    /// The column that says which file a row is of, where there are several.
    pub(super) fn file_column(&self) -> Option<&'static str> {
        self.text.files.as_ref().map(|_| FILE)
    }

    /// What the row of units has, by the names of the columns.
    pub(super) fn units(&self) -> BTreeMap<String, String> {
        let units = self.names.iter().zip(&self.units).filter(|(_, unit)| !unit.is_empty());
        units.map(|(name, unit)| (name.clone(), unit.clone())).collect()
    }

    /// The name of a column; only those that exist are asked for.
    pub(super) fn name(&self, column: usize) -> &str {
        self.names.get(column).map(String::as_str).unwrap_or_default()
    }
}

/// What the column of row names is called, for which the header has no name.
const ROW_NAMES: &str = "row_name";

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
