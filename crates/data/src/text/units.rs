//! `Units`: the units of texts, file after file: Unicode characters, or bytes.

use crate::csv::encoding::{Encoding, FromUtf16, is_utf_16, latin_to_utf_8};
use crate::file::input::{self, MAX_BYTES};
use crate::text::Unit;
use std::io::{BufReader, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use tanren_plugin::DataError;

/// Bytes that are decoded at a time.
const PIECE: u64 = 1 << 16;

/// Bytes that a unit takes in a table: as an input and as a target.
const IN_TABLE: u64 = 8;

/// What a file may begin with to say that it is UTF-8.
const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];

/// The units of some files as numbers: the code of a character, or the byte itself.
pub(super) struct Units {
    pub(super) codes: Vec<u32>,
    /// Each file, with the place of its units among all.
    pub(super) files: Vec<(PathBuf, Range<usize>)>,
    unit: Unit,
}

impl Units {
    /// Reads files one after the other.
    ///
    /// # Errors
    /// When one cannot be read, is not in the encoding or holds a zero byte where characters are expected.
    pub(super) fn read(
        files: Vec<PathBuf>,
        unit: Unit,
        encoding: Option<Encoding>,
    ) -> Result<Self, DataError> {
        let mut units = Self { codes: Vec::new(), files: Vec::new(), unit };
        for path in files {
            let start = units.codes.len();
            match unit {
                Unit::Bytes => units.bytes(&path)?,
                Unit::Characters => units.characters(&path, encoding)?,
            }
            units.files.push((path, start..units.codes.len()));
        }
        Ok(units)
    }

    fn bytes(&mut self, path: &Path) -> Result<(), DataError> {
        let (mut reader, mut piece) = (input::open(path)?, Vec::new());
        while next(path, &mut reader, &mut piece)? > 0 {
            self.reserve(path, piece.len())?;
            self.codes.extend(piece.drain(..).map(u32::from));
        }
        Ok(())
    }

    fn characters(&mut self, path: &Path, encoding: Option<Encoding>) -> Result<(), DataError> {
        let failed = |error| input::failed(path, &error);
        let mut reader = input::open(path)?;
        let start = reader.fill_buf().map_err(failed)?;
        if start.starts_with(&BOM) {
            reader.consume(BOM.len());
        } else if encoding == Some(Encoding::Utf16) || encoding.is_none() && is_utf_16(start) {
            reader = Box::new(BufReader::new(FromUtf16::new(reader).map_err(failed)?));
        }
        let (first, mut piece) = (self.codes.len(), Vec::new());
        loop {
            let read = next(path, &mut reader, &mut piece)?;
            if encoding == Some(Encoding::Latin1) {
                latin_to_utf_8(&mut piece);
            }
            let (text, odd) = match std::str::from_utf8(&piece) {
                Ok(text) => (text, None),
                Err(error) => {
                    let (text, rest) = piece.split_at(error.valid_up_to());
                    // The end of a piece may be in the middle of a character, that of a file may not.
                    let cut = error.error_len().is_none() && read > 0;
                    let odd = rest.first().copied().filter(|_| !cut);
                    (std::str::from_utf8(text).unwrap_or_default(), odd)
                }
            };
            self.reserve(path, text.len())?;
            self.codes.extend(text.chars().map(u32::from));
            if let Some(zero) = text.find('\0') {
                let after = text.get(zero..).unwrap_or_default().chars().count();
                let place = self.codes.len() - after;
                let message = "expected text, found a zero byte, as in files that are damaged or not text; \
                               `unit = \"bytes\"` reads any file";
                return Err(self.error(path, first, place, message));
            }
            if let Some(byte) = odd {
                let message = format!(
                    "expected UTF-8, found the byte 0x{byte:02X}; set `encoding = \"latin-1\"` if the file \
                     is in Windows-1252 or Latin-1"
                );
                return Err(self.error(path, first, self.codes.len(), message));
            }
            let used = text.len();
            piece.drain(..used);
            if read == 0 {
                return Ok(());
            }
        }
    }

    /// Makes room for some more units.
    fn reserve(&mut self, path: &Path, more: usize) -> Result<(), DataError> {
        let bytes = (self.codes.len() + more) as u64 * IN_TABLE;
        if bytes > MAX_BYTES {
            let (most, unit) = (MAX_BYTES / IN_TABLE, self.unit.name());
            let message = format!("expected at most {most} {unit}s of text, found more");
            return Err(DataError::new(path.display(), message));
        }
        self.codes.try_reserve(more).map_err(|_| {
            DataError::new(
                path.display(),
                format!("expected {bytes} bytes of free memory, found less"),
            )
        })
    }

    /// An error at a place of a file whose units begin at `first`.
    fn error(&self, path: &Path, first: usize, place: usize, message: impl ToString) -> DataError {
        let before = self.codes.get(first..place).unwrap_or_default();
        let message = message.to_string();
        if self.unit == Unit::Bytes {
            let message = format!("byte {}: {message}", before.len());
            return DataError::new(path.display(), message);
        }
        let column = before.iter().rev().take_while(|&&code| code != NEWLINE).count() + 1;
        let error =
            DataError::new(path.display(), format!("character {column} of the line: {message}"));
        error.line(line(before))
    }

    /// An error at the unit in this place.
    pub(super) fn error_at(&self, place: usize, message: impl ToString) -> DataError {
        match self.files.iter().find(|(_, units)| units.contains(&place)) {
            Some((path, units)) => self.error(path, units.start, place, message),
            None => DataError::new("text", message.to_string()), // a place is that of a unit
        }
    }
}

const NEWLINE: u32 = b'\n' as u32;

/// The line, from 1, of what follows these units of a file.
pub(super) fn line(before: &[u32]) -> u64 {
    1 + before.iter().filter(|&&code| code == NEWLINE).count() as u64
}

/// Appends some more bytes of a file to a piece, and tells how many.
fn next(path: &Path, reader: &mut impl Read, piece: &mut Vec<u8>) -> Result<usize, DataError> {
    reader.take(PIECE).read_to_end(piece).map_err(|error| input::failed(path, &error))
}
