//! `Files`: the tables of a folder as one, with a column that says which file a row is of.
//!
//! Each file is read as it is laid out, and all are written out as the text of one table, which is then read as any
//! other: what numbers and categories there are follows from all files together.

use super::cell::{Words, listed};
use super::header::Known;
use super::layout::Layout;
use super::lines::Text;
use super::records::{Delimiter, Record, Records};
use crate::file::folder::{self, Found};
use crate::file::notes::counted;
use crate::{Csv, Encoding};
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;
use tanren_plugin::DataError;

/// What the column is called that says which file a row is of.
pub(super) const FILE: &str = "file";

/// The tables of a folder.
#[derive(Debug)]
pub(super) struct Files {
    parts: Vec<Part>,
    /// What separates the cells of the one table.
    pub(super) mark: u8,
    names: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// A table of several.
#[derive(Debug)]
struct Part {
    /// What its rows have in the column for the file.
    name: String,
    text: Text,
    delimiter: Delimiter,
    /// How many records come before the rows.
    lead: usize,
}

impl Part {
    fn rows(&self) -> Result<Records, DataError> {
        let mut records = Records::open(&self.text, self.delimiter)?;
        for _ in 0..self.lead {
            records.next()?;
        }
        Ok(records)
    }
}

impl Files {
    /// The tables of the folder at the path of `csv`, all of which have the columns of the first; or the one at the
    /// path, where a column for its name is wanted that it does not have.
    ///
    /// # Errors
    /// When there is none in a folder, one cannot be read or has other columns.
    pub(super) fn of(
        csv: &Csv,
        words: &Words,
        known: &Known<'_>,
    ) -> Result<Option<Self>, DataError> {
        let (folder, wanted) = (csv.path.is_dir(), csv.beside.iter().any(|name| name == FILE));
        let Found { files, others } = match (folder, wanted) {
            (true, _) => folder::tables(&csv.path)?,
            (false, true) => Found { files: vec![csv.path.clone()], others: 0 },
            (false, false) => return Ok(None),
        };
        let beside: Vec<String> = csv.beside.iter().filter(|name| *name != FILE).cloned().collect();
        let (mut parts, mut first): (Vec<Part>, Option<Layout>) = (Vec::new(), None);
        for path in files {
            let alone = Csv { path: path.clone(), beside: beside.clone(), ..csv.clone() };
            let layout = match &first {
                None => Layout::find(&alone, words, known)?,
                Some(first) => Layout::find(&as_first(alone, first), words, known)?,
            };
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let (delimiter, lead) = (layout.delimiter, layout.lead);
            parts.push(Part { name, text: layout.text.clone(), delimiter, lead });
            match &first {
                Some(first) => agree(first, &layout)?,
                None => first = Some(layout),
            }
        }
        let Some(first) = first else {
            let message =
                format!("expected files that {}, found a folder without such", folder::TABLES);
            return Err(DataError::new(csv.path.display(), message));
        };
        if first.names.iter().any(|name| name == FILE) {
            if !folder {
                return Ok(None);
            }
            let message =
                "of several files, it says which one a row is of: expected no column of this name";
            return Err(first.error(message).column(FILE));
        }
        let mark = match first.delimiter {
            Delimiter::Byte(byte) => byte,
            Delimiter::Blanks | Delimiter::None => b',',
        };
        let mut notes = first.notes;
        notes.extend(folder::note(others, folder::TABLES));
        let names = std::iter::once(FILE.to_owned()).chain(first.names).collect();
        Ok(Some(Self { parts, mark, names, notes }))
    }

    /// A note on how many there are, if there are several.
    pub(super) fn note(&self) -> Option<String> {
        let several = (self.parts.len() > 1).then(|| counted(self.parts.len(), "file"))?;
        Some(format!("{several} read as one table; the column {FILE} says which one a row is of"))
    }

    /// The settings of `csv` for the text that the files are written out as.
    pub(super) fn written(&self, csv: &Csv) -> Csv {
        let (header, encoding) = (Some(true), Some(Encoding::Utf8));
        let delimiter = Some(char::from(self.mark));
        Csv { header, encoding, delimiter, skip: Some(0), comment: None, ..csv.clone() }
    }

    /// The file and the line in it of a line of that text.
    pub(super) fn place(&self, line: u64) -> Option<(PathBuf, u64)> {
        let mut last = lines(self.names.iter().map(String::as_str));
        for part in &self.parts {
            let mut records = part.rows().ok()?;
            while let Some(record) = records.next().ok()? {
                last += lines(record.cells());
                if line <= last {
                    return Some((part.text.path.clone(), record.line));
                }
            }
        }
        None
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
    const LINE: &str = "line ";
    let Ok(Some(files)) = Files::of(csv, words, &Known::default()) else { return };
    for note in notes {
        let Some(start) = note.find(LINE).map(|start| start + LINE.len()) else { continue };
        let digits = note[start..].bytes().take_while(u8::is_ascii_digit).count();
        let line = note[start..start + digits].parse().ok();
        if let Some((file, line)) = line.and_then(|line| files.place(line)) {
            let file = file.file_name().unwrap_or_default().to_string_lossy();
            note.replace_range(start..start + digits, &format!("{line} of {file}"));
        }
    }
}

/// The settings for a file of several that is laid out as the first one.
fn as_first(csv: Csv, first: &Layout) -> Csv {
    let delimiter = match first.delimiter {
        Delimiter::Byte(byte) => Some(char::from(byte)),
        Delimiter::Blanks => Some(' '),
        Delimiter::None => None,
    };
    let comment = first.text.comment.map(char::from);
    Csv {
        header: Some(first.header),
        delimiter,
        skip: Some(to_usize(first.text.skip)),
        comment,
        ..csv
    }
}

fn to_usize(lines: u64) -> usize {
    usize::try_from(lines).unwrap_or(usize::MAX)
}

/// Refuses a file with other columns than the first has.
fn agree(first: &Layout, other: &Layout) -> Result<(), DataError> {
    if first.names == other.names {
        return Ok(());
    }
    let all = |names: &[String]| listed(names.iter().map(String::as_str));
    let file = first.text.path.file_name().unwrap_or_default().to_string_lossy();
    let message = format!(
        "expected the columns of {file}, which are {}, found {}",
        all(&first.names),
        all(&other.names)
    );
    Err(other.error(message))
}

/// How many lines cells take that are written into one row.
fn lines<'a>(cells: impl Iterator<Item = &'a str>) -> u64 {
    1 + cells.map(|cell| cell.matches('\n').count() as u64).sum::<u64>()
}

/// The text of all files.
pub(super) struct Joined {
    files: Arc<Files>,
    /// The next file.
    next: usize,
    /// The records of the one before it.
    records: Option<Records>,
    /// What is written, from `read` on.
    row: Vec<u8>,
    read: usize,
}

impl Joined {
    pub(super) fn new(files: &Arc<Files>) -> Self {
        let mut row = Vec::new();
        write(&mut row, files.mark, files.names.iter().map(String::as_str));
        Self { files: Arc::clone(files), next: 0, records: None, row, read: 0 }
    }

    /// Writes the next row; `false` when there is none.
    fn advance(&mut self) -> Result<bool, DataError> {
        self.row.clear();
        self.read = 0;
        loop {
            if let Some(records) = &mut self.records {
                if let Some(record) = records.next()? {
                    let name = self.files.parts[self.next - 1].name.as_str();
                    write(&mut self.row, self.files.mark, with(name, record));
                    return Ok(true);
                }
                self.records = None;
            }
            let Some(part) = self.files.parts.get(self.next) else { return Ok(false) };
            self.records = Some(part.rows()?);
            self.next += 1;
        }
    }
}

fn with<'a>(name: &'a str, record: Record<'a>) -> impl Iterator<Item = &'a str> {
    std::iter::once(name).chain(record.cells())
}

impl Read for Joined {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.row.len() && !self.advance().map_err(io::Error::other)? {
            return Ok(0);
        }
        let count = buffer.len().min(self.row.len() - self.read);
        buffer[..count].copy_from_slice(&self.row[self.read..self.read + count]);
        self.read += count;
        Ok(count)
    }
}

/// Writes cells as a row, in quotes where they need them.
fn write<'a>(row: &mut Vec<u8>, mark: u8, cells: impl Iterator<Item = &'a str>) {
    for (number, cell) in cells.enumerate() {
        if number > 0 {
            row.push(mark);
        }
        let plain = |byte: u8| byte != mark && !matches!(byte, b'"' | b'\n' | b'\r' | b'#');
        if cell.bytes().all(plain) {
            row.extend_from_slice(cell.as_bytes());
        } else {
            row.push(b'"');
            row.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
            row.push(b'"');
        }
    }
    row.push(b'\n');
}
