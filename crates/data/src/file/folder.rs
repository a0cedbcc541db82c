//! `folder`: the files of a folder that are of one kind by their names.

use crate::file::input;
use crate::file::notes::counted;
use std::path::{Path, PathBuf};
use tanren_plugin::DataError;

/// The files of a kind, in the order of their names, and how many other things there are.
pub(crate) struct Found {
    pub(crate) files: Vec<PathBuf>,
    pub(crate) others: usize,
    /// Whether one of those may be data, too, by its name.
    data: bool,
}

impl Found {
    /// The only file.
    pub(crate) fn one(file: &Path) -> Self {
        Self { files: vec![file.to_owned()], others: 0, data: false }
    }

    /// Whether something else in the folder may be data, too, by its name.
    pub(crate) const fn has_other_data(&self) -> bool {
        self.data
    }
}

/// What the names of other data have in them.
const OTHER_DATA: [&str; 7] = ["idx", "images", "labels", "ubyte", ".npy", ".parquet", ".txt"];

/// How the names of tables are told, behind "files that".
pub(crate) const TABLES: &str = "end in .csv or .tsv";

/// How the names of texts are told, behind "files that".
pub(crate) const TEXTS: &str = "end in .txt";

/// The tables of a folder.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn tables(folder: &Path) -> Result<Found, DataError> {
    of_kind(folder, |name| name.ends_with(".csv") || name.ends_with(".tsv"))
}

/// The texts of a folder.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn texts(folder: &Path) -> Result<Found, DataError> {
    of_kind(folder, |name| name.ends_with(".txt"))
}

/// The files whose names, in lower case and without `.gz`, are of a kind. Hidden files are nothing.
fn of_kind(folder: &Path, kind: impl Fn(&str) -> bool) -> Result<Found, DataError> {
    let failed = |error| input::failed(folder, &error);
    let mut found = Found { files: Vec::new(), others: 0, data: false };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let hidden = name.starts_with('.');
        match kind(name.strip_suffix(".gz").unwrap_or(&name)) && file.is_file() {
            _ if hidden => {}
            true => found.files.push(file),
            false => {
                found.others += 1; // folders and links that lead nowhere among them
                found.data |= OTHER_DATA.iter().any(|part| name.contains(part));
            }
        }
    }
    found.files.sort();
    Ok(found)
}

/// A note on files that are none of the kind.
pub(crate) fn note(others: usize, kind: &str) -> Option<String> {
    let others = (others > 0).then(|| counted(others, "other file"))?;
    Some(format!("{others} in the folder not read: only those that {kind} are"))
}
