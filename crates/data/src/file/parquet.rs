//! `parquet`: a Parquet file as the text of a table: a header and a line per row, as CSV.
//!
//! So whatever may be said about a CSV file may be said about a Parquet file, too. Strings and names
//! are in quotes; numbers have all their digits; times are written as in ISO 8601, in UTC where they
//! are instants; a null and a NaN are nothing. Specification: *Apache Parquet*, version 2.

mod cell;
mod rows;

use crate::file::input::failed;
use cell::Form;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use rows::{Column, Rows};
use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use tanren_plugin::DataError;

/// The rows of a file as CSV.
///
/// # Errors
/// When the file is no sound Parquet file, or has no column that is a number or a text.
pub(crate) fn open(path: &Path, file: File) -> Result<Rows, DataError> {
    let reader = reader(path, file)?;
    let (columns, _) = columns(&reader);
    if columns.is_empty() {
        let message = "expected columns of numbers or texts, found none in this Parquet file";
        return Err(DataError::new(path.display(), message));
    }
    Ok(Rows::new(reader, columns))
}

/// The names of the columns that are left out: lists, structs, bytes that are no text.
///
/// # Errors
/// When the file is no sound Parquet file.
pub(crate) fn left_out(path: &Path) -> Result<Vec<String>, DataError> {
    let file = File::open(path).map_err(|error| failed(path, &error))?;
    Ok(columns(&reader(path, file)?).1)
}

fn reader(path: &Path, file: File) -> Result<SerializedFileReader<File>, DataError> {
    guarded(|| SerializedFileReader::new(file)).map_err(|error| failed(path, &error))
}

/// The columns to be read, and the names of the others.
fn columns(reader: &SerializedFileReader<File>) -> (Vec<Column>, Vec<String>) {
    let schema = reader.metadata().file_metadata().schema_descr();
    let (mut columns, mut others): (Vec<Column>, Vec<String>) = (Vec::new(), Vec::new());
    for (index, leaf) in schema.columns().iter().enumerate() {
        let root = leaf.path().parts().first().cloned().unwrap_or_default();
        let nested = leaf.path().parts().len() > 1 || leaf.max_rep_level() > 0;
        match Form::of(leaf).filter(|_| !nested) {
            Some(form) => columns.push(Column { index, name: root, form }),
            None if others.last() == Some(&root) => {}
            None => others.push(root),
        }
    }
    (columns, others)
}

/// What is read, or what is wrong with the file.
///
/// The library panics on some damaged pages, such as one that refers to a dictionary that the column
/// does not have: it finds out deep inside of a page, where nobody can look beforehand. A file must not
/// end the program, so a panic is an error about the file, after which nothing is read from it.
fn guarded<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> io::Result<T> {
    let damaged = |what: String| io::Error::other(format!("damaged Parquet file: {what}"));
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(ParquetError::NYI(what))) => {
            Err(io::Error::other(format!("this Parquet file needs what is not read: {what}")))
        }
        Ok(Err(error)) => Err(damaged(error.to_string())),
        Err(_) => Err(damaged("its parts contradict each other".into())),
    }
}

/// What a way to compress is called.
fn name(compression: Compression) -> String {
    let name = compression.to_string();
    name.split('(').next().unwrap_or_default().to_lowercase() // without its settings
}

/// Whether columns compressed so can be read.
fn is_read(compression: Compression) -> bool {
    !matches!(compression, Compression::LZO | Compression::BROTLI(_))
}
