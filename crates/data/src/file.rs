//! `file`: the source for data at a path, told by what is there rather than by its name alone.

pub(crate) mod assemble;
pub(crate) mod by_position;
pub(crate) mod folder;
pub(crate) mod input;
pub(crate) mod kind;
pub(crate) mod members;
pub(crate) mod notes;
pub(crate) mod output;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
pub(crate) mod rows;

use crate::arrays::idx_names::labels_beside;
use crate::file::kind::Kind;
use crate::{Csv, Idx, Npy, SvmLight, Task};
use std::path::{Path, PathBuf};
use tanren_plugin::{DataError, Plugin, Source};

/// What cannot be seen in the data themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileOptions {
    /// The columns to predict: their names, or their positions from 0, from the end if negative.
    /// Only a CSV file may have several. For IDX and npy, the file that holds what is to be
    /// predicted.
    pub target: Vec<String>,
    /// The column of a CSV file that says what each row counts.
    pub weights: Option<String>,
    /// The columns of a CSV file by which people know the rows.
    pub ids: Vec<String>,
    /// What the target is; seen from its values without.
    pub task: Option<Task>,
    /// Whether the first row of a table has the names of its columns; seen from it without.
    pub header: Option<bool>,
}

/// The source for a file or a folder, told by what is there.
///
/// # Errors
/// When there is nothing at the path, it is a kind of file that is not read, or something is said that
/// such data do not have.
pub fn file(path: &Path, options: &FileOptions) -> Result<Plugin<dyn Source>, DataError> {
    let FileOptions { target, weights, ids, task, header } = options.clone();
    let refuse = |what: &str, given: bool, why: &str| match given {
        true => Err(DataError::new(
            path.display(),
            format!("the option {what} cannot be used here: {why}"),
        )),
        false => Ok(()),
    };
    let kind = Kind::of(path)?;
    refuse("header", header.is_some() && kind != Kind::Csv, "only CSV files have a header")?;
    let why = "only CSV files have a column of weights";
    refuse("weights", weights.is_some() && kind != Kind::Csv, why)?;
    let why = "only CSV files have columns of text by which people know the rows";
    refuse("id", !ids.is_empty() && kind != Kind::Csv, why)?;
    let given = !target.is_empty();
    let why = "only a CSV file can have several targets";
    refuse("target", target.len() > 1 && kind != Kind::Csv, why)?;
    let one = || target.first().cloned();
    Ok(match kind {
        Kind::Csv => Csv { target, weights, ids, task, header, ..Csv::new(path) }.into(),
        Kind::Npy => Npy { target: one(), task, ..Npy::new(path) }.into(),
        Kind::Idx => {
            refuse("target", given && path.is_dir(), "a folder of IDX files contains its labels")?;
            let labels = one().map(PathBuf::from).or_else(|| labels_beside(path));
            Idx { task, labels, ..Idx::new(path) }.into()
        }
        Kind::SvmLight => {
            refuse("target", given, "each row of an SVMLight file begins with its target")?;
            SvmLight { task, ..SvmLight::new(path) }.into()
        }
    })
}
