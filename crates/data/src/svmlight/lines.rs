//! The lines of SVMLight files: a label, perhaps the number of a query, and `index:value` for what
//! is not 0, up to a comment.

use crate::file::input::{self, MAX_BYTES};
use std::io::{BufRead, Read};
use std::path::Path;
use tanren_plugin::DataError;

/// The longest line read.
const MAX_LINE: u64 = 8 << 20;

/// What some editors write at the beginning of a text.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

/// A line up to its comment.
pub(super) fn uncommented(line: &[u8]) -> &[u8] {
    line.split(|&byte| byte == b'#').next().unwrap_or_default()
}

/// The lines that hold rows.
pub(crate) struct Lines<'a> {
    path: &'a Path,
    reader: Box<dyn BufRead>,
    buffer: Vec<u8>,
    number: u64,
    /// Bytes read so far.
    read: u64,
}

impl<'a> Lines<'a> {
    pub(crate) fn open(path: &'a Path) -> Result<Self, DataError> {
        let reader = input::open(path)?;
        Ok(Self { path, reader, buffer: Vec::new(), number: 0, read: 0 })
    }

    /// An error in the current line.
    pub(crate) fn error(&self, message: impl std::fmt::Display) -> DataError {
        DataError::new(self.path.display(), message).line(self.number)
    }

    /// Goes on to the next row; `false` at the end of the file.
    ///
    /// # Errors
    /// When a line is too long, or the file is.
    pub(crate) fn advance(&mut self) -> Result<bool, DataError> {
        loop {
            self.buffer.clear();
            let mut line = self.reader.by_ref().take(MAX_LINE + 1);
            let read = line.read_until(b'\n', &mut self.buffer);
            let read = read.map_err(|error| input::failed(self.path, &error))? as u64;
            if read == 0 {
                return Ok(false);
            }
            (self.number, self.read) = (self.number + 1, self.read + read);
            if read > MAX_LINE {
                return Err(self.error(format!(
                    "expected at most {} MiB in a line, found more",
                    MAX_LINE >> 20
                )));
            }
            if self.read > MAX_BYTES {
                let most = MAX_BYTES >> 30;
                return Err(self.error(format!("expected at most {most} GiB, found more")));
            }
            if self.number == 1 && self.buffer.starts_with(BOM) {
                self.buffer.drain(..BOM.len());
            }
            self.buffer.truncate(uncommented(&self.buffer).len());
            if !self.buffer.trim_ascii().is_empty() {
                return Ok(true);
            }
        }
    }

    /// The current row.
    ///
    /// # Errors
    /// When it is no text.
    pub(crate) fn row(&self) -> Result<Row<'_>, DataError> {
        let text = std::str::from_utf8(&self.buffer)
            .map_err(|_| self.error("expected text, found bytes that are not UTF-8"))?;
        Ok(Row { lines: self, text, rest: text, index: None, checked: false })
    }

    /// The number of the current line, from 1.
    pub(crate) const fn number(&self) -> u64 {
        self.number
    }
}

/// What is left of a row.
pub(crate) struct Row<'a> {
    lines: &'a Lines<'a>,
    /// All of it.
    text: &'a str,
    rest: &'a str,
    /// The index before.
    index: Option<u64>,
    /// Whether all its indices are known to be different.
    checked: bool,
}

impl<'a> Row<'a> {
    /// The next word, unless there is none.
    fn word(&self) -> Option<(&'a str, &'a str)> {
        let rest = self.rest.trim_ascii_start();
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        (end > 0).then(|| rest.split_at(end))
    }

    /// An error in this row.
    pub(crate) fn error(&self, message: impl std::fmt::Display) -> DataError {
        self.lines.error(message)
    }

    /// The label.
    ///
    /// # Errors
    /// When the row does not begin with one number that is not infinite.
    pub(crate) fn label(&mut self) -> Result<f64, DataError> {
        let (word, rest) = self.word().unwrap_or_default();
        self.rest = rest;
        number(word).map_err(|said| {
            let several = word.contains(',') && word.split(',').all(|label| number(label).is_ok());
            let said = if several {
                let word = shown(word);
                format!("expected one label, found several: {word}; such files cannot be read")
            } else {
                said
            };
            self.lines.error(said).column("label")
        })
    }

    /// Passes the label, if there is one, whatever it is.
    pub(crate) fn skip_label(&mut self) {
        if let Some((_, rest)) = self.word().filter(|(word, _)| !word.contains(':')) {
            self.rest = rest;
        }
    }

    /// Passes the number of a query; whether there was one.
    pub(crate) fn skip_query(&mut self) -> bool {
        let query = self.word().filter(|(word, _)| word.starts_with("qid:"));
        self.rest = query.map_or(self.rest, |(_, rest)| rest);
        query.is_some()
    }

    /// The next index and its value; `None` at the end of the row.
    ///
    /// # Errors
    /// When there is something else, or an index occurs twice.
    pub(crate) fn feature(&mut self) -> Result<Option<(u64, f64)>, DataError> {
        let Some((word, rest)) = self.word() else { return Ok(None) };
        self.rest = rest;
        let Some((index, value)) = word.split_once(':') else {
            let message = format!("expected index:value, found {:?}", shown(word));
            return Err(self.lines.error(message));
        };
        let Some(index) = position(index) else {
            let message = format!("expected a whole number as an index, found {:?}", shown(index));
            return Err(self.lines.error(message));
        };
        let value = number(value).map_err(|said| self.lines.error(said).column(index))?;
        match self.index.replace(index) {
            Some(before) if before == index => {
                Err(self.lines.error(format!("index {index} occurs twice")))
            }
            Some(before) if before > index && !self.checked => {
                self.check_unique()?;
                self.checked = true;
                Ok(Some((index, value)))
            }
            _ => Ok(Some((index, value))),
        }
    }

    /// Looks for an index that occurs twice in a row whose indices do not ascend.
    fn check_unique(&self) -> Result<(), DataError> {
        let pairs = self.text.split_ascii_whitespace().skip(1);
        let indices = pairs.filter_map(|word| position(word.split_once(':')?.0));
        let mut indices: Vec<u64> = indices.collect();
        indices.sort_unstable();
        match indices.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(self.lines.error(format!("index {} occurs twice", pair[0]))),
            None => Ok(()),
        }
    }
}

/// A whole number of digits alone; one beyond any limit is as large as can be.
fn position(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

/// A number, NaN for a missing one.
fn number(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if !x.is_infinite() => Ok(x),
        Ok(_) => Err(format!("expected a finite number, found {:?}", shown(text))),
        Err(_) => Err(format!("expected a number, found {:?}", shown(text))),
    }
}

/// The first characters of what may be long.
fn shown(text: &str) -> &str {
    text.char_indices().nth(40).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}
