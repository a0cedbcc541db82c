//! Comments above a table, of which the last may name its columns.

use super::cell::is_value;
use super::delimiter;
use super::lines::{Lines, MAX_RECORD, Text};
use super::records::{Delimiter, Records};
use tanren_plugin::DataError;

/// What a line begins with that is a comment, if the file begins with such a line.
pub(super) const COMMENT: u8 = b'#';

/// The comments that a file begins with.
pub(super) struct Comments {
    /// The last of them, without its end.
    last: Vec<u8>,
}

impl Comments {
    /// The comments that a file begins with, if it begins with some. A line that is split like the
    /// records below and has numbers where these have some is a record, and there are no comments.
    pub(super) fn find(text: &Text, said: Option<Delimiter>) -> Result<Option<Self>, DataError> {
        let (mut lines, mut line, mut last) = (Lines::open(text)?, Vec::new(), None);
        while lines.next(MAX_RECORD, &mut line)? {
            if line.starts_with(&[COMMENT]) {
                last = Some(line.trim_ascii_end().to_owned());
            } else if !line.trim_ascii().is_empty() {
                break;
            }
        }
        let Some(last) = last else { return Ok(None) };
        let commented = Text { comment: Some(COMMENT), ..text.clone() };
        let delimiter = delimiter::find(&commented, said)?.delimiter;
        let Some(below) = Records::open(&commented, delimiter)?.first()? else {
            return Ok(None); // all lines begin with it
        };
        let found = Self { last };
        let is_record = || -> Result<bool, DataError> {
            let cells = found.cells(text, delimiter, false)?;
            let kinds = |cells: &[String]| -> Vec<bool> {
                cells.iter().skip(1).map(|cell| is_value(cell)).collect()
            };
            let directly = found.last.get(1).is_some_and(u8::is_ascii_alphanumeric);
            Ok(directly && kinds(&cells).contains(&true) && kinds(&cells) == kinds(&below))
        };
        Ok(if is_record()? { None } else { Some(found) })
    }

    /// The names of so many columns in the last comment, if it has them.
    pub(super) fn names(
        &self,
        text: &Text,
        delimiter: Delimiter,
        columns: usize,
    ) -> Result<Option<Vec<String>>, DataError> {
        let is_name = |cell: &String| !cell.is_empty() && !is_value(cell);
        let fits = |cells: &[String]| cells.len() == columns && cells.iter().all(is_name);
        if columns < 2 {
            return Ok(None);
        }
        // `#` is a name as well: of the column with the numbers of rows.
        let plain = self.cells(text, delimiter, false)?;
        if plain.first().is_some_and(|first| first.as_bytes() == [COMMENT]) && fits(&plain) {
            return Ok(Some(plain));
        }
        Ok(Some(self.cells(text, delimiter, true)?).filter(|cells| fits(cells)))
    }

    /// The cells of the last comment, with its mark or without.
    fn cells(
        &self,
        text: &Text,
        delimiter: Delimiter,
        without: bool,
    ) -> Result<Vec<String>, DataError> {
        let marks = self.last.iter().take_while(|byte| without && **byte == COMMENT).count();
        let line = self.last.get(marks..).unwrap_or_default();
        // A quote that stays open is none of a header.
        let cells = Records::of_line(text, line.to_owned(), delimiter).first();
        Ok(cells.ok().flatten().unwrap_or_default())
    }
}
