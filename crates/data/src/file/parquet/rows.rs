//! `Rows`: the rows of a Parquet file as lines of text, a few at a time.

use super::cell::{Form, bytes, julian, number, quoted, whole};
use super::{guarded, is_read, name};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{AsBytes, DataType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::fs::File;
use std::io::{self, Read};

/// About how many cells are read at a time.
const CELLS: usize = 1 << 14;

/// A column that is read.
pub(super) struct Column {
    /// Its place among all columns of the file.
    pub(super) index: usize,
    pub(super) name: String,
    pub(super) form: Form,
}

/// The text of all rows below a line of names.
pub(crate) struct Rows {
    file: SerializedFileReader<File>,
    columns: Vec<Column>,
    /// The next group of rows, and the columns of the one that is being read, with how many of its
    /// rows are left.
    next: usize,
    open: Vec<ColumnReader>,
    left: usize,
    /// Text that is not yet read, from `at` on.
    text: Vec<u8>,
    at: usize,
}

impl Rows {
    pub(super) fn new(file: SerializedFileReader<File>, columns: Vec<Column>) -> Self {
        let mut text = Vec::new();
        for (index, column) in columns.iter().enumerate() {
            text.extend_from_slice(if index > 0 { b"," } else { b"" });
            quoted(&mut text, &column.name);
        }
        text.push(b'\n');
        Self { file, columns, next: 0, open: Vec::new(), left: 0, text, at: 0 }
    }

    /// Writes out some more rows; there is no text at the end of the file.
    fn more(&mut self) -> Result<(), ParquetError> {
        self.text.clear();
        self.at = 0;
        while self.left == 0 {
            if self.next == self.file.num_row_groups() {
                return Ok(());
            }
            self.open_group()?;
        }
        let rows = self.left.min((CELLS / self.columns.len().max(1)).max(1));
        let cells: Vec<Cells> = (self.columns.iter().zip(&mut self.open))
            .map(|(column, reader)| Cells::read(column, reader, rows))
            .collect::<Result<_, _>>()?;
        for row in 0..rows {
            for (index, cells) in cells.iter().enumerate() {
                self.text.extend_from_slice(if index > 0 { b"," } else { b"" });
                match cells.get(row) {
                    // A blank line would be none.
                    b"" if self.columns.len() == 1 => self.text.extend_from_slice(b"\"\""),
                    cell => self.text.extend_from_slice(cell),
                }
            }
            self.text.push(b'\n');
        }
        self.left -= rows;
        Ok(())
    }

    /// Goes on to the next group of rows.
    fn open_group(&mut self) -> Result<(), ParquetError> {
        let group = self.file.get_row_group(self.next)?;
        let rows = group.metadata().num_rows();
        self.left = usize::try_from(rows)
            .map_err(|_| ParquetError::General(format!("a group of {rows} rows")))?;
        self.open.clear();
        for column in &self.columns {
            let chunk = group.metadata().column(column.index);
            // The library takes it for granted that these are no negative numbers.
            let start = chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset());
            if start < 0 || chunk.compressed_size() < 0 {
                let what = format!("column {} begins or ends before the file", column.name);
                return Err(ParquetError::General(what));
            }
            let compression = chunk.compression();
            if !is_read(compression) {
                let what = format!("{} compression, in column {}", name(compression), column.name);
                return Err(ParquetError::NYI(what));
            }
            self.open.push(group.get_column_reader(column.index)?);
        }
        self.next += 1;
        Ok(())
    }
}

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.text.len() {
            guarded(|| self.more())?;
        }
        let ready = self.text.get(self.at..).unwrap_or_default();
        let count = ready.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(ready) {
            *to = *from;
        }
        self.at += count;
        Ok(count)
    }
}

/// The cells of a column in some rows.
struct Cells {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Cells {
    /// The cell of a row.
    fn get(&self, row: usize) -> &[u8] {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        let end = self.ends.get(row).copied().unwrap_or_default();
        self.text.get(start.unwrap_or_default()..end).unwrap_or_default()
    }

    /// The cells of the next rows.
    fn read(column: &Column, reader: &mut ColumnReader, rows: usize) -> Result<Self, ParquetError> {
        let form = column.form;
        match reader {
            ColumnReader::BoolColumnReader(r) => {
                let write = |text: &mut Vec<u8>, value: &bool| {
                    text.extend_from_slice(if *value { b"true" } else { b"false" });
                };
                Self::of(column, r, rows, write)
            }
            ColumnReader::Int32ColumnReader(r) => {
                Self::of(column, r, rows, |text, value| whole(text, form, (*value).into(), 32))
            }
            ColumnReader::Int64ColumnReader(r) => {
                Self::of(column, r, rows, |text, value| whole(text, form, *value, 64))
            }
            ColumnReader::Int96ColumnReader(r) => {
                Self::of(column, r, rows, |text, value| julian(text, value.data()))
            }
            ColumnReader::FloatColumnReader(r) => {
                Self::of(column, r, rows, |text, value| number(text, *value))
            }
            ColumnReader::DoubleColumnReader(r) => {
                Self::of(column, r, rows, |text, value| number(text, *value))
            }
            ColumnReader::ByteArrayColumnReader(r) => {
                Self::of(column, r, rows, |text, value| bytes(text, form, value.as_bytes()))
            }
            ColumnReader::FixedLenByteArrayColumnReader(r) => {
                Self::of(column, r, rows, |text, value| bytes(text, form, value.as_bytes()))
            }
        }
    }

    fn of<T: DataType>(
        column: &Column,
        reader: &mut ColumnReaderImpl<T>,
        rows: usize,
        write: impl Fn(&mut Vec<u8>, &T::T),
    ) -> Result<Self, ParquetError> {
        let (mut levels, mut values) = (Vec::new(), Vec::new());
        let (read, _, _) = reader.read_records(rows, Some(&mut levels), None, &mut values)?;
        let mut cells = Self { text: Vec::new(), ends: Vec::with_capacity(rows) };
        let mut values = values.iter();
        for row in 0..read {
            // A level of 0 is a null; a column that has none has no levels.
            if levels.get(row).is_none_or(|level| *level > 0)
                && let Some(value) = values.next()
            {
                write(&mut cells.text, value);
            }
            cells.ends.push(cells.text.len());
        }
        match read == rows && values.next().is_none() {
            true => Ok(cells),
            false => {
                let name = &column.name;
                Err(ParquetError::General(format!("column {name} has another number of rows")))
            }
        }
    }
}
