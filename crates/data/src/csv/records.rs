//! `Records`: the cells of one record after the other, at most so many of them in memory.

use super::lines::{Lines, MAX_RECORD, Text};
use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use tanren_plugin::DataError;

/// The most cells one record may have.
pub(super) const MAX_CELLS: usize = 100_000;

/// A byte that UTF-8 never has.
const NEVER: u8 = 0xff;

/// What cells are separated by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delimiter {
    /// One ASCII character.
    Byte(u8),
    /// One or more blanks or tabs.
    Blanks,
    /// Nothing: a line is a cell.
    None,
}

impl Delimiter {
    fn is_blank(self, byte: u8) -> bool {
        matches!(byte, b' ' | b'\t') && self != Self::Byte(byte)
    }
}

/// One record.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    /// The line it begins in, from 1.
    pub(super) line: u64,
    /// Its cells, one after the other.
    pub(super) text: &'a str,
    ends: &'a [usize],
}

impl<'a> Record<'a> {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// One with nothing in its cells, which end at these zeros.
    pub(super) const fn blank(line: u64, ends: &'a [usize]) -> Self {
        Self { line, text: "", ends }
    }

    /// A cell without the blanks around it; nothing where there is no such cell.
    pub(super) fn cell(&self, index: usize) -> &'a str {
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        let end = self.ends.get(index).copied().unwrap_or_default();
        let cell = self.text.get(start.unwrap_or_default()..end).unwrap_or_default();
        unprotected(cell.trim_matches([' ', '\t']))
    }

    /// Whether there is nothing in any of its cells, of which it has several: what a spreadsheet saves
    /// for a row that was used once.
    pub(super) fn is_blank(&self) -> bool {
        self.len() > 1 && self.text.bytes().all(|byte| matches!(byte, b' ' | b'\t'))
    }

    pub(super) fn cells(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(move |index| self.cell(index))
    }
}

/// A cell without what keeps Excel from making a number of it: `="001"`, `'001`.
fn unprotected(cell: &str) -> &str {
    match cell.as_bytes().first() {
        Some(b'=') => {
            let inner = cell.strip_prefix("=\"").and_then(|cell| cell.strip_suffix('"'));
            inner.unwrap_or(cell)
        }
        Some(b'\'') => {
            let inner = cell.strip_prefix('\'').filter(|inner| inner.parse::<f64>().is_ok());
            inner.unwrap_or(cell)
        }
        _ => cell,
    }
}

/// The records of a file; blank lines, comments and rules are skipped.
pub(super) struct Records {
    lines: Lines,
    lexer: Reader,
    delimiter: Delimiter,
    comment: Option<u8>,
    /// Whether a backslash stands before a quote inside of quotes.
    backslash: bool,
    line: Vec<u8>,
    /// The cells so far in the first `used` bytes; those beyond are room for more.
    text: Vec<u8>,
    used: usize,
    ends: Vec<usize>,
    /// How many lines so far were rules.
    pub(super) rules: u64,
}

impl Records {
    pub(super) fn open(text: &Text, delimiter: Delimiter) -> Result<Self, DataError> {
        Ok(Self::of(Lines::open(text)?, text.comment, text.backslash, delimiter))
    }

    /// The records of a line of a text.
    pub(super) fn of_line(text: &Text, line: Vec<u8>, delimiter: Delimiter) -> Self {
        Self::of(Lines::of(&text.path, line), None, text.backslash, delimiter)
    }

    fn of(lines: Lines, comment: Option<u8>, backslash: bool, delimiter: Delimiter) -> Self {
        let byte = match delimiter {
            Delimiter::Byte(byte) => byte,
            Delimiter::Blanks => b' ',
            Delimiter::None => NEVER,
        };
        let escape = backslash.then_some(b'\\');
        let (line, text, ends) = (Vec::new(), Vec::new(), Vec::new());
        let lexer = ReaderBuilder::new().delimiter(byte).escape(escape).build();
        Self { lines, lexer, delimiter, comment, backslash, line, text, used: 0, ends, rules: 0 }
    }

    /// The cells of the next record.
    pub(super) fn first(&mut self) -> Result<Option<Vec<String>>, DataError> {
        let record = self.next()?;
        Ok(record.map(|record| record.cells().map(String::from).collect()))
    }

    /// The next record.
    ///
    /// # Errors
    /// When the file cannot be read, a quote stays open or the record is too long.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, DataError> {
        self.used = 0;
        self.ends.clear();
        // Blank lines count as part of the record that follows: there is an end to them.
        let mut room = MAX_RECORD;
        loop {
            if self.comment.is_some() {
                room = MAX_RECORD;
            }
            if !self.next_line(&mut room)? {
                return Ok(None);
            }
            if self.is_rule() {
                self.rules += 1;
                continue;
            }
            let comment = self.comment.is_some_and(|mark| self.line.starts_with(&[mark]));
            if !comment && !self.line.iter().all(|&b| b == b'\n' || self.delimiter.is_blank(b)) {
                break;
            }
        }
        let first = self.lines.number;
        if let Delimiter::Byte(byte) = self.delimiter
            && !self.line.contains(&b'"')
        {
            self.split_plain(byte)?;
            return self.record(first).map(Some);
        }
        let (mut opened, mut cells, mut inside) = (first, 0, false);
        while !self.split_line(inside)? {
            // The cell that goes on in the next line began in this one, or in one before.
            if cells != self.ends.len() {
                (opened, cells) = (self.lines.number, self.ends.len());
            }
            inside = true;
            if !self.next_line(&mut room)? {
                return Err(self
                    .lines
                    .error("the quote that begins here is never closed")
                    .line(opened));
            }
        }
        self.record(first).map(Some)
    }

    /// The cells that were read, as a record that begins in a line.
    fn record(&self, line: u64) -> Result<Record<'_>, DataError> {
        let text = self.text.get(..self.used).unwrap_or_default();
        let text = std::str::from_utf8(text).map_err(|e| self.lines.error(e))?;
        Ok(Record { line, text, ends: &self.ends })
    }

    /// How many lines so far were no UTF-8.
    pub(super) const fn foreign(&self) -> u64 {
        self.lines.foreign
    }

    /// Whether the line is drawn between header and rows, as in Markdown and in what databases print:
    /// `|---|:-:|`, `----+----`, `---- ----`.
    fn is_rule(&self) -> bool {
        let drawn = match self.delimiter {
            Delimiter::Byte(b'|') => b"-|+:= \n".as_slice(),
            Delimiter::Blanks => b"-= \t\n".as_slice(),
            Delimiter::Byte(_) | Delimiter::None => return false,
        };
        self.line.iter().all(|byte| drawn.contains(byte))
            && [b"---".as_slice(), b":-", b"==="]
                .iter()
                .any(|dashes| self.line.windows(dashes.len()).any(|part| part == *dashes))
    }

    /// Reads the next line, which takes from the room there is for the record; `false` when there
    /// is none.
    fn next_line(&mut self, room: &mut usize) -> Result<bool, DataError> {
        let more = self.lines.next(*room, &mut self.line)?;
        *room = room.saturating_sub(self.line.len());
        Ok(more)
    }

    /// Appends the cells of a line without quotes, which are between its delimiters.
    fn split_plain(&mut self, delimiter: u8) -> Result<(), DataError> {
        let line = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        self.text.clear();
        for cell in line.split(|&byte| byte == delimiter) {
            let blank = |byte: &&u8| self.delimiter.is_blank(**byte);
            let blanks = cell.iter().take_while(blank).count();
            self.text.extend_from_slice(cell.get(blanks..).unwrap_or_default());
            if self.ends.len() == MAX_CELLS {
                return Err(too_many(&self.lines));
            }
            self.ends.push(self.text.len());
        }
        self.used = self.text.len();
        Ok(())
    }

    /// Takes the quotes away from cells that are `"\N"`, as databases write what is missing: the lexer would
    /// take the backslash away.
    fn keep_nulls(&mut self) {
        const NULL: &[u8] = b"\"\\N\"";
        let Delimiter::Byte(delimiter) = self.delimiter else { return };
        let mut at = 0;
        while let Some(found) = self.line.get(at..).and_then(|rest| find(rest, NULL)) {
            let (start, end) = (at + found, at + found + NULL.len());
            let begins = start == 0 || self.line.get(start - 1) == Some(&delimiter);
            let ends = self.line.get(end).is_none_or(|&b| b == delimiter || b == b'\n');
            at = end;
            if begins && ends {
                self.line.splice(start..end, *b"\\N");
                at = start + 2;
            }
        }
    }

    /// Appends the cells of the line, the first of which may have begun in a line before;
    /// `false` when its last one goes on in the next.
    fn split_line(&mut self, mut inside: bool) -> Result<bool, DataError> {
        if self.delimiter == Delimiter::Blanks {
            self.line.iter_mut().filter(|b| **b == b'\t').for_each(|b| *b = b' ');
        }
        if self.backslash && !inside {
            self.keep_nulls();
        }
        let room = self.used + self.line.len() + 1; // a full buffer would stop the lexer
        if self.text.len() < room {
            self.text.resize(room, 0);
        }
        let mut rest = self.line.as_slice();
        loop {
            if !inside {
                let blanks = rest.iter().take_while(|&&b| self.delimiter.is_blank(b)).count();
                rest = rest.get(blanks..).unwrap_or_default();
            }
            // Blanks at the end of a line separate nothing.
            let beyond = self.delimiter == Delimiter::Blanks && !inside && rest == b"\n";
            let free = self.text.get_mut(self.used..).unwrap_or_default();
            let (result, read, written) = self.lexer.read_field(rest, free);
            rest = rest.get(read..).unwrap_or_default();
            self.used += written;
            match result {
                ReadFieldResult::Field { record_end } => {
                    if self.ends.len() == MAX_CELLS {
                        return Err(too_many(&self.lines));
                    }
                    if !beyond {
                        self.ends.push(self.used);
                    }
                    if record_end {
                        return Ok(true);
                    }
                    inside = false;
                }
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => return Ok(false),
                ReadFieldResult::End => return Ok(true),
            }
        }
    }
}

/// Where some bytes occur first in others.
fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

fn too_many(lines: &Lines) -> DataError {
    lines.error("expected at most 100,000 cells in a row, found more")
}
