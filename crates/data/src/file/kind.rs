//! `Kind`: what is at a path, told by its content rather than by its name alone.

use crate::arrays::npy_header::MAGIC;
use crate::csv::encoding::is_utf_16;
use crate::file::folder;
use crate::file::input;
use crate::svmlight::detect::looks_sparse;
use std::io::Read as _;
use std::path::Path;
use tanren_plugin::DataError;

/// Bytes of a file that are looked at.
const LOOK: u64 = 1 << 16;

/// What can be at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Csv,
    Idx,
    Npy,
    SvmLight,
}

impl Kind {
    /// What is at a path: IDX files and folders, folders of tables without other data, npy, SVMLight (if it is called `.svm`, `.svmlight`,
    /// `.libsvm`, or looks so), and otherwise CSV; each may be gzip.
    ///
    /// # Errors
    /// When there is nothing at the path, or it is a kind of file that is not read.
    pub(crate) fn of(path: &Path) -> Result<Self, DataError> {
        if path.is_dir() {
            let tables = folder::tables(path)?;
            return Ok(if !tables.files.is_empty() && !tables.has_other_data() {
                Self::Csv
            } else {
                Self::Idx
            });
        }
        if input::left_out(path)?.is_some() {
            return Ok(Self::Csv); // which it is by the time it is read
        }
        let (mut reader, mut start) = (input::open(path)?, Vec::new());
        let read = reader.by_ref().take(LOOK).read_to_end(&mut start);
        // What comes later is for the reader to complain about.
        read.or_else(|e| if start.is_empty() { Err(input::failed(path, &e)) } else { Ok(0) })?;
        let start = start.as_slice();
        if start.starts_with(input::PARQUET) {
            return Err(DataError::new(
                path.display(),
                format!("expected a text, IDX or npy file, found {PARQUET}"),
            ));
        }
        if let Some((_, kind)) = OTHERS.iter().find(|(magic, _)| start.starts_with(magic)) {
            let message =
                format!("expected a text, IDX or npy file, found {kind}; save the data as CSV");
            return Err(DataError::new(path.display(), message));
        }
        if let Some((_, what)) = MISTAKES.iter().find(|(magic, _)| start.starts_with(magic)) {
            return Err(DataError::new(path.display(), format!("expected data, found {what}")));
        }
        if let Some(text) = other_text(start) {
            let message = format!("expected a table, found {text}; save the data as CSV");
            return Err(DataError::new(path.display(), message));
        }
        if start.starts_with(&MAGIC) {
            return Ok(Self::Npy);
        }
        // Two zeros, the type of an element, the number of dimensions. A file that is only called
        // so is for the reader to judge.
        let called = ending(path).is_some_and(|e| e == "idx" || e.ends_with("ubyte"));
        if matches!(start, [0, 0, 0x08..=0x0e, 1..=8, ..]) || called || named_idx(path) {
            return Ok(Self::Idx);
        }
        if start.contains(&0) && !is_utf_16(start) {
            let before = start.split(|&byte| byte == 0).next().unwrap_or_default();
            let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
            let message = format!(
                "expected a text, IDX or npy file, found none of these: line {line} has a zero byte, as \
                 in files that are damaged or not text"
            );
            return Err(DataError::new(path.display(), message));
        }
        let svm = ["svm", "svmlight", "libsvm"];
        let called = ending(path).is_some_and(|e| svm.contains(&e.as_str()));
        let whole = (start.len() as u64) < LOOK;
        Ok(match called || looks_sparse(start, whole) {
            true => Self::SvmLight,
            false => Self::Csv,
        })
    }
}

/// What is said about a Parquet file that is not read.
const PARQUET: &str = if cfg!(feature = "parquet") {
    "a Parquet file inside a gzip file; decompress it (its columns are compressed by themselves)"
} else {
    "a Parquet file, which this program was built without; install it with the feature `parquet` \
     (`cargo install --path crates/cli --features parquet`) or save the data as CSV"
};

/// What files begin with that people take for data and that are not read.
const OTHERS: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "a zip archive (an .xlsx or .npz file is one)"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"SQLite format 3", "an SQLite database"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"ARROW1", "an Arrow file"),
    (b"\x80\x04\x95", "a Python pickle"),
    (b"%PDF", "a PDF document"),
];

/// What files begin with that did not arrive as they were meant to.
const MISTAKES: &[(&[u8], &str)] = &[
    (b"\x1f\x8b", "a gzip file inside another; decompress it once"),
    (b"<!DOCTYPE", "a web page; the download has failed"),
    (b"<!doctype", "a web page; the download has failed"),
    (b"<?xml", "an XML file"),
    (b"<html", "a web page; the download has failed"),
];

/// What a text is that has rows, but no table.
fn other_text(start: &[u8]) -> Option<&'static str> {
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let after = |mark: &[u8]| Some(text.strip_prefix(mark)?.trim_ascii_start());
    let is_key = |rest: &[u8]| {
        let key = rest.strip_prefix(b"\"").and_then(|rest| rest.split(|b| *b == b'"').nth(1));
        key.is_some_and(|value| value.trim_ascii_start().starts_with(b":"))
    };
    if let Some(rest) = after(b"{").filter(|rest| is_key(rest)) {
        let lines = rest.split(|b| *b == b'\n').nth(1);
        return Some(match lines.is_some_and(|line| line.starts_with(b"{")) {
            true => "JSON lines",
            false => "a JSON file",
        });
    }
    if after(b"[").is_some_and(|rest| rest.starts_with(b"{")) {
        return Some("a JSON file");
    }
    // The comments of ARFF begin with a percent sign.
    let mut lines = text.split(|b| *b == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(b"%"))?;
    let is_arff = first.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"@relation"));
    is_arff.then_some("an ARFF file")
}

/// Whether a file is called like `train-images-idx3-ubyte`.
fn named_idx(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.is_some_and(|name| name.contains("-idx") && name.contains("ubyte"))
}

/// The ending of a file's name, without `.gz`, in lower case.
fn ending(path: &Path) -> Option<String> {
    let lower = |path: &Path| Some(path.extension()?.to_str()?.to_lowercase());
    match lower(path)?.as_str() {
        "gz" => lower(Path::new(path.file_stem()?)),
        other => Some(other.to_owned()),
    }
}
