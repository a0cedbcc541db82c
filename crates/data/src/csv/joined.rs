//! `Joined`: the text of several tables as that of one, and the file and line that a place in it is from.

use super::cell::Words;
use super::files::{Files, Rows};
use super::header::Known;
use crate::Csv;
use std::io::{self, Read};
use std::sync::Arc;
use tanren_plugin::DataError;

/// The text of all files.
pub(super) struct Joined {
    files: Arc<Files>,
    /// The next file.
    next: usize,
    /// The rows of the one before it.
    rows: Option<Rows>,
    /// What is written, from `read` on.
    row: Vec<u8>,
    read: usize,
}

impl Joined {
    pub(super) fn new(files: &Arc<Files>) -> Self {
        Self { files: Arc::clone(files), next: 0, rows: None, row: files.head(), read: 0 }
    }

    /// Writes the next row; `false` when there is none.
    fn advance(&mut self) -> Result<bool, DataError> {
        self.read = 0;
        loop {
            if let Some(rows) = &mut self.rows {
                let name = &self.files.parts[self.next - 1].name;
                if rows.next(name, self.files.mark)? {
                    std::mem::swap(&mut self.row, &mut rows.written);
                    return Ok(true);
                }
                self.rows = None;
            }
            let Some(part) = self.files.parts.get(self.next) else { return Ok(false) };
            self.rows = Some(part.rows()?);
            self.next += 1;
        }
    }
}

impl Read for Joined {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.row.len() && !self.advance().map_err(io::Error::other)? {
            self.row.clear();
            return Ok(0);
        }
        let count = buffer.len().min(self.row.len() - self.read);
        buffer[..count].copy_from_slice(&self.row[self.read..self.read + count]);
        self.read += count;
        Ok(count)
    }
}

/// An error about a line of the text that several files are written out as: it names the file and the line there.
pub(super) fn placed(csv: &Csv, words: &Words, mut error: DataError) -> DataError {
    if let Some(line) = error.line
        && let Ok(Some(files)) = Files::of(csv, words, &Known::default())
        && let Some((file, line)) = files.place(line)
    {
        (error.source, error.line) = (file.display().to_string(), Some(line));
    }
    error
}

/// Notes with lines of that text: they name the file and the line there.
pub(super) fn noted(csv: &Csv, words: &Words, notes: &mut [String]) {
    let mut files = None;
    for note in notes {
        let Some((start, end, line)) = line_in(note) else { continue };
        let files =
            files.get_or_insert_with(|| Files::of(csv, words, &Known::default()).ok().flatten());
        if let Some((file, line)) = files.as_ref().and_then(|files| files.place(line)) {
            let file = file.file_name().unwrap_or_default().to_string_lossy();
            note.replace_range(start..end, &format!("{line} of {file}"));
        }
    }
}

/// The last number of a line in a note, and where it stands.
fn line_in(note: &str) -> Option<(usize, usize, u64)> {
    let ends = ["in line ", "from line "]
        .iter()
        .filter_map(|words| Some(note.rfind(words)? + words.len()));
    let start = ends.max()?;
    let end = start + note[start..].bytes().take_while(u8::is_ascii_digit).count();
    Some((start, end, note[start..end].parse().ok()?))
}
