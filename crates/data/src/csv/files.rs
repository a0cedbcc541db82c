//! `Files`: the tables of a folder as one, with a last column that says which file a row is of.
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
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use tanren_plugin::DataError;

/// What the column is called that says which file a row is of.
pub(super) const FILE: &str = "file";

/// The tables of a folder.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) parts: Vec<Part>,
    /// What separates the cells of the one table.
    pub(super) mark: u8,
    pub(super) names: Vec<String>,
    /// What the first file has in its row of units, for each column.
    pub(super) units: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// A table of several.
#[derive(Debug)]
pub(super) struct Part {
    /// What its rows have in the column for the file.
    pub(super) name: String,
    text: Text,
    delimiter: Delimiter,
    /// How many records come before the rows.
    lead: usize,
}

impl Part {
    fn of(layout: &Layout) -> Self {
        let name = layout.text.path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.trim().to_owned();
        let (text, delimiter, lead) = (layout.text.clone(), layout.delimiter, layout.lead);
        Self { name, text, delimiter, lead }
    }

    pub(super) fn rows(&self) -> Result<Rows, DataError> {
        let mut records = Records::open(&self.text, self.delimiter)?;
        for _ in 0..self.lead {
            records.next()?;
        }
        Ok(Rows { records, written: Vec::new(), line: 0 })
    }
}

/// The rows of one table, written out one after the other.
pub(super) struct Rows {
    records: Records,
    /// The row that was read last.
    pub(super) written: Vec<u8>,
    /// Where it begins in its file.
    line: u64,
}

impl Rows {
    /// Writes the next row out, after those with nothing in any cell before it, which are no rows at the end of a
    /// file; `false` when there is none.
    pub(super) fn next(&mut self, name: &str, mark: u8) -> Result<bool, DataError> {
        self.written.clear();
        while let Some(record) = self.records.next()? {
            write(&mut self.written, mark, with(record, name));
            if !record.is_blank() {
                self.line = record.line;
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn with<'a>(record: Record<'a>, name: &'a str) -> impl Iterator<Item = &'a str> {
    record.cells().chain([name])
}

impl Files {
    /// The tables of the folder at the path of `csv`, all of which have the columns of the first; or the one at the
    /// path, where a column for its name is wanted that it does not have.
    ///
    /// # Errors
    /// When there is none in a folder, one cannot be read or has other columns, or two are called the same.
    pub(super) fn of(
        csv: &Csv,
        words: &Words,
        known: &Known<'_>,
    ) -> Result<Option<Self>, DataError> {
        let (folder, wanted) = (csv.path.is_dir(), csv.beside.iter().any(|name| name == FILE));
        let Found { files, others, .. } = match (folder, wanted) {
            (true, _) => folder::tables(&csv.path)?,
            (false, true) => Found::one(&csv.path),
            (false, false) => return Ok(None),
        };
        let beside: Vec<String> = csv.beside.iter().filter(|name| *name != FILE).cloned().collect();
        let alone =
            |path: &PathBuf| Csv { path: path.clone(), beside: beside.clone(), ..csv.clone() };
        let Some((path, rest)) = files.split_first() else {
            let message =
                format!("expected files that {}, found a folder without such", folder::TABLES);
            return Err(DataError::new(csv.path.display(), message));
        };
        let first = Layout::find(&alone(path), words, known)?;
        if first.names.iter().any(|name| name == FILE) {
            if !folder {
                return Ok(None);
            }
            let message =
                "of several files, it says which one a row is of: expected no column of this name";
            return Err(first.error(message).column(FILE));
        }
        let (mut parts, mut notes) = (vec![Part::of(&first)], first.notes.clone());
        for path in rest {
            let layout = like(&first, &alone(path), words)?;
            notes.extend(layout.notes.iter().filter(|note| !first.notes.contains(note)).map(
                |note| {
                    format!("{}: {note}", path.file_name().unwrap_or_default().to_string_lossy())
                },
            ));
            parts.push(Part::of(&layout));
        }
        let mut empty = 0;
        for part in &parts {
            empty += usize::from(!part.rows()?.next(&part.name, b',')?);
        }
        if empty > 0 {
            let files = counted(empty, "file");
            notes.push(format!("{files} without a row"));
        }
        let mut called = HashSet::new();
        if let Some(twice) = parts.iter().find(|part| !called.insert(plain(&part.name))) {
            let message = "expected one file of this name, found another one like it";
            return Err(DataError::new(twice.text.path.display(), message));
        }
        let mark = match first.delimiter {
            Delimiter::Byte(byte) => byte,
            Delimiter::Blanks | Delimiter::None => b',',
        };
        notes.extend(folder::note(others, folder::TABLES));
        if !first.header {
            let last = first.names.len() - 1;
            notes.insert(0, format!("no header found: the columns are named 0 to {last}"));
        }
        let file = [FILE.to_owned()];
        let units = first.units.iter().cloned().chain([String::new()]).collect();
        let names = first.names.into_iter().chain(file).collect();
        Ok(Some(Self { parts, mark, names, units, notes }))
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

    /// The row of the names of columns.
    pub(super) fn head(&self) -> Vec<u8> {
        let mut head = Vec::new();
        write(&mut head, self.mark, self.names.iter().map(String::as_str));
        head
    }

    /// The file and the line in it of a line of that text.
    pub(super) fn place(&self, line: u64) -> Option<(&Path, u64)> {
        let lines = |row: &[u8]| row.iter().filter(|&&byte| byte == b'\n').count() as u64;
        let mut last = lines(&self.head());
        for part in &self.parts {
            let mut rows = part.rows().ok()?;
            while rows.next(&part.name, self.mark).ok()? {
                last += lines(&rows.written);
                if line <= last {
                    return Some((&part.text.path, rows.line));
                }
            }
        }
        None
    }
}

/// How a file of several is laid out: with the columns of the first, whatever stands above them.
///
/// # Errors
/// When it cannot be read, or has other columns.
fn like(first: &Layout, csv: &Csv, words: &Words) -> Result<Layout, DataError> {
    let units = first.units();
    let known = Known {
        names: if first.header {
            first.names.iter().map(String::as_str).collect()
        } else {
            Vec::new()
        },
        units: Some(units.iter().map(|(name, unit)| (name.as_str(), unit.as_str())).collect()),
    };
    let header = if first.header { csv.header } else { Some(false) };
    let free = Csv { header, ..csv.clone() };
    let found = Layout::find(&free, words, &known)?;
    let agrees =
        |layout: &Layout| layout.names == first.names && layout.delimiter == first.delimiter;
    if agrees(&found) {
        return Ok(found);
    }
    // A few rows may not tell what separates their cells.
    let delimiter = match first.delimiter {
        Delimiter::Byte(byte) => Some(char::from(byte)),
        Delimiter::Blanks => Some(' '),
        Delimiter::None => None,
    };
    let forced = Layout::find(&Csv { delimiter, ..free }, words, &known).ok().filter(agrees);
    forced.ok_or_else(|| {
        let all = |names: &[String]| listed(names.iter().map(String::as_str));
        let file = first.text.path.file_name().unwrap_or_default().to_string_lossy();
        found.error(format!(
            "expected the columns of {file}, which are {}, found {}",
            all(&first.names),
            all(&found.names)
        ))
    })
}

/// The name of a file, packed or not.
fn plain(name: &str) -> &str {
    name.strip_suffix(".gz").unwrap_or(name)
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
