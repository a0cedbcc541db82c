//! `Lines`: the lines of a text file, counted, one in memory at a time.

use super::encoding::{Encoding, FromUtf16, is_utf_16, latin_to_utf_8};
use super::files::Files;
use super::joined::Joined;
use crate::file::input;
use std::io::{BufRead, BufReader, Cursor, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tanren_plugin::DataError;

/// The most bytes the lines of one record may have.
pub(super) const MAX_RECORD: usize = 8 << 20;

/// What a file may begin with to say that it is UTF-8.
const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];

/// A text file, and which of its lines hold no rows.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) path: PathBuf,
    /// Without one, UTF-16 is told by its mark or its zeros, and a line that is not UTF-8 is Windows-1252.
    pub(super) encoding: Option<Encoding>,
    /// How many lines come before the first row or the header.
    pub(super) skip: u64,
    /// What a line begins with that is a comment.
    pub(super) comment: Option<u8>,
    /// Whether quotes inside of quotes have a backslash before them.
    pub(super) backslash: bool,
    /// The files that it is put together of, where the path is that of a folder.
    pub(super) files: Option<Arc<Files>>,
}

impl Text {
    pub(super) fn error(&self, message: impl std::fmt::Display) -> DataError {
        DataError::new(self.path.display(), message)
    }
}

/// The lines of a file. Each ends with LF, CR LF or CR, which become LF; the last may end without.
pub(super) struct Lines {
    path: PathBuf,
    encoding: Option<Encoding>,
    input: Box<dyn BufRead>,
    /// The number of the last line read, from 1.
    pub(super) number: u64,
    /// How many lines were no UTF-8 and read as Windows-1252, without anybody having said so.
    pub(super) foreign: u64,
    after_return: bool,
}

impl Lines {
    /// The lines of a text after those that are to be skipped.
    pub(super) fn open(text: &Text) -> Result<Self, DataError> {
        let input = match &text.files {
            Some(files) => Box::new(BufReader::new(Joined::new(files))),
            None => input::open(&text.path)?,
        };
        let mut lines = Self::all(&text.path, text.encoding, input)?;
        let mut line = Vec::new();
        for _ in 0..text.skip {
            lines.next(MAX_RECORD, &mut line)?;
        }
        Ok(lines)
    }

    /// The lines of a text in UTF-8 that was read from a file before.
    pub(super) fn of(path: &Path, text: Vec<u8>) -> Self {
        let (path, input) = (path.to_owned(), Box::new(Cursor::new(text)));
        let encoding = Some(Encoding::Utf8);
        Self { path, encoding, input, number: 0, foreign: 0, after_return: false }
    }

    fn all(
        path: &Path,
        encoding: Option<Encoding>,
        mut input: Box<dyn BufRead>,
    ) -> Result<Self, DataError> {
        let failed = |error| input::failed(path, &error);
        let start = input.fill_buf().map_err(failed)?;
        if encoding == Some(Encoding::Utf16) || encoding.is_none() && is_utf_16(start) {
            input = Box::new(BufReader::new(FromUtf16::new(input).map_err(failed)?));
        }
        let path = path.to_owned();
        Ok(Self { path, encoding, input, number: 0, foreign: 0, after_return: false })
    }

    /// An error in the line read last.
    pub(super) fn error(&self, message: impl std::fmt::Display) -> DataError {
        DataError::new(self.path.display(), message).line(self.number)
    }

    /// Reads the next line into `line`, an LF at its end; `false` when there is none.
    ///
    /// # Errors
    /// When the file cannot be read, the line with its end has more than `room` bytes or is not in
    /// the encoding that was said.
    pub(super) fn next(&mut self, room: usize, line: &mut Vec<u8>) -> Result<bool, DataError> {
        line.clear();
        let mut ended = false;
        while !ended {
            let bytes = match self.input.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(input::failed(&self.path, &error)),
            };
            if bytes.is_empty() {
                break;
            }
            if std::mem::take(&mut self.after_return) && bytes.starts_with(b"\n") {
                self.input.consume(1);
                continue;
            }
            let end = bytes.iter().position(|b| matches!(b, b'\n' | b'\r'));
            let text = &bytes[..end.unwrap_or(bytes.len())];
            if line.len() + text.len() >= room {
                self.number += 1;
                let most = MAX_RECORD >> 20;
                return Err(self.error(format!("expected at most {most} MiB in a row, found more")));
            }
            line.extend_from_slice(text);
            ended = end.is_some();
            self.after_return = end.is_some_and(|end| bytes.get(end) == Some(&b'\r'));
            let used = text.len() + usize::from(ended);
            self.input.consume(used);
        }
        if line.is_empty() && !ended {
            return Ok(false);
        }
        self.number += 1;
        // Files that were put together have one in the middle, too.
        let marks = line.chunks_exact(BOM.len()).take_while(|start| *start == BOM).count();
        line.drain(..marks * BOM.len());
        self.decode(line)?;
        line.push(b'\n');
        Ok(true)
    }

    /// Makes UTF-8 of a line.
    fn decode(&mut self, line: &mut Vec<u8>) -> Result<(), DataError> {
        if self.encoding == Some(Encoding::Latin1) {
            if !line.is_ascii() {
                latin_to_utf_8(line);
            }
            return Ok(());
        }
        let Err(error) = std::str::from_utf8(line) else { return Ok(()) };
        if self.encoding.is_none() {
            self.foreign += 1;
            latin_to_utf_8(line);
            return Ok(());
        }
        let (before, rest) = line.split_at(error.valid_up_to());
        let place = String::from_utf8_lossy(before).chars().count() + 1;
        let byte = rest.first().copied().unwrap_or_default();
        let message = format!(
            "expected UTF-8, found the byte 0x{byte:02X} at character {place} of the line; set \
             `encoding = \"latin-1\"` if the file is in Windows-1252 or Latin-1"
        );
        Err(self.error(message))
    }
}
