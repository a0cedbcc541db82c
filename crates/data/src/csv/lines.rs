//! `Lines`: the lines of a UTF-8 file, counted, one in memory at a time.

use crate::file::input;
use std::io::{BufRead, ErrorKind};
use std::path::{Path, PathBuf};
use tanren_plugin::DataError;

/// The most bytes the lines of one record may have.
pub(super) const MAX_RECORD: usize = 8 << 20;

/// What a file may begin with to say that it is UTF-8.
const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];

/// What UTF-16 files begin with, in either order of bytes.
const UTF_16: [[u8; 2]; 2] = [[0xff, 0xfe], [0xfe, 0xff]];

/// The lines of a file. Each ends with LF, CR LF or CR, which become LF; the last may end without.
pub(super) struct Lines {
    path: PathBuf,
    input: Box<dyn BufRead>,
    /// The number of the last line read, from 1.
    pub(super) number: u64,
    after_return: bool,
}

impl Lines {
    pub(super) fn open(path: &Path) -> Result<Self, DataError> {
        let input = input::open(path)?;
        Ok(Self { path: path.to_owned(), input, number: 0, after_return: false })
    }

    /// An error in the line read last.
    pub(super) fn error(&self, message: impl std::fmt::Display) -> DataError {
        DataError::new(self.path.display(), message).line(self.number)
    }

    /// Reads the next line into `line`, an LF at its end; `false` when there is none.
    ///
    /// # Errors
    /// When the file cannot be read, the line with its end has more than `room` bytes or is not
    /// UTF-8.
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
        if self.number == 1 {
            self.begin(line)?;
        }
        self.check(line)?;
        line.push(b'\n');
        Ok(true)
    }

    /// Takes the mark of UTF-8 away, and refuses that of UTF-16.
    fn begin(&self, line: &mut Vec<u8>) -> Result<(), DataError> {
        if UTF_16.iter().any(|mark| line.starts_with(mark)) {
            return Err(self.error("expected text in UTF-8, found UTF-16; save the file as UTF-8"));
        }
        if line.starts_with(&BOM) {
            line.drain(..BOM.len());
        }
        Ok(())
    }

    fn check(&self, line: &[u8]) -> Result<(), DataError> {
        let Err(error) = std::str::from_utf8(line) else { return Ok(()) };
        let (before, rest) = line.split_at(error.valid_up_to());
        let place = String::from_utf8_lossy(before).chars().count() + 1;
        let byte = rest.first().copied().unwrap_or_default();
        let message = format!(
            "expected UTF-8, found the byte 0x{byte:02X} at character {place} of the line; save \
             the file as UTF-8"
        );
        Err(self.error(message))
    }
}
