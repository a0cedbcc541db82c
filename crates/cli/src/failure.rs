//! `Failure`: why a command failed, and its exit code.

use crate::output::advice::{Advice, Reader, file_of, is_called};
use serde::Deserialize as _;
use serde_json::Value;
use std::fmt;
use std::path::Path;
use tanren_network::{ModelError, TensorFileError};
use tanren_plugin::{DataError, Plugin, Source};
use tanren_trainer::TrainError;

/// The kind of a failure, as scripts distinguish it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A failure of no other kind.
    Failure,
    /// Another process is at it.
    Busy,
    /// Something cannot be written.
    Output,
    /// The command line.
    Usage,
    /// The recipe.
    Recipe,
    /// The data.
    Data,
    /// The loss was not finite.
    Diverged,
    /// A model that cannot be read.
    Model,
    /// A checkpoint that cannot be read.
    Checkpoint,
    /// A bug.
    Internal,
    /// Ctrl-C.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// SIGHUP.
    HungUp,
}

impl Kind {
    /// Its name in JSON.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Busy => "busy",
            Self::Output => "output",
            Self::Usage => "usage",
            Self::Recipe => "recipe",
            Self::Data => "data",
            Self::Diverged => "diverged",
            Self::Model => "model",
            Self::Checkpoint => "checkpoint",
            Self::Internal => "internal",
            Self::Interrupted => "interrupted",
            Self::Terminated => "terminated",
            Self::HungUp => "hung_up",
        }
    }

    /// The exit code.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Failure | Self::Busy | Self::Output => 1,
            Self::Usage | Self::Recipe => 2,
            Self::Data => 3,
            Self::Diverged => 4,
            Self::Model | Self::Checkpoint => 6,
            Self::Internal => 70,
            Self::HungUp => 129,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }
}

/// Why a command failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn new(kind: Kind, message: impl fmt::Display) -> Self {
        Self { kind, message: message.to_string() }
    }

    /// Something at `path` cannot be written.
    pub(crate) fn output(path: &Path, error: impl fmt::Display) -> Self {
        Self::new(Kind::Output, format!("cannot write {}: {error}", path.display()))
    }

    /// Something is wrong with data, the settings of which can be changed as `advice` says.
    pub(crate) fn data(error: &DataError, advice: Advice) -> Self {
        let kind = if error.diverged { Kind::Diverged } else { Kind::Data };
        Self::new(kind, advice.help(&error.to_string()))
    }

    /// The data of a source, in JSON, cannot be used with a model. There is no advice to change a setting,
    /// because the model has the settings of the reader.
    pub(crate) fn rows(mut error: DataError, source: &Value) -> Self {
        name_file(&mut error, source);
        Self::data(&error, Advice::Nothing)
    }

    /// A run that cannot start or go on, with the data of `source`, a source in JSON.
    pub(crate) fn training(error: TrainError, source: &Value, advice: Advice) -> Self {
        match error {
            TrainError::Data(error) => Self::of_source(error, source, advice),
            other => other.into(),
        }
    }

    /// The data of `source`, a source in JSON, cannot be read.
    pub(crate) fn of_source(mut error: DataError, source: &Value, advice: Advice) -> Self {
        name_file(&mut error, source);
        Self::data(&error, advice.about(&error.source, source))
    }

    /// The model at `path` cannot be used.
    pub(crate) fn model(path: &Path, error: &ModelError) -> Self {
        let message = match error {
            ModelError::File(_) => error.to_string(), // names the file itself
            _ => format!("{}: {error}", path.display()),
        };
        Self::new(Kind::Model, message)
    }
}

/// What is wrong with data names their file: a table knows only what it is called, and counts the rows of
/// all parts of its source through.
fn name_file(error: &mut DataError, source: &Value) {
    let parts = ["train", "test", "validation"].map(|part| &source[part]);
    let parts: Vec<&Value> = parts.into_iter().filter(|part| part.is_object()).collect();
    let first = file_of(parts.first().copied().unwrap_or(source));
    let Some(first) = first.filter(|path| is_called(path, &error.source)) else { return };
    let place = match error.row {
        Some(row) if parts.len() > 1 => part_of(&parts, row),
        row => Some((first, row)),
    };
    if let Some((file, row)) = place {
        (error.source, error.row) = (file.to_owned(), row);
    }
}

/// The file with a row of several, and its number there. The files are read once more to count their rows.
fn part_of<'a>(parts: &[&'a Value], row: usize) -> Option<(&'a str, Option<usize>)> {
    let mut left = row;
    for part in parts {
        let table = Plugin::<dyn Source>::deserialize(*part).ok()?.open().ok()?;
        let rows = table.source_rows.unwrap_or(table.rows);
        if left < rows {
            return Some((file_of(part)?, Some(left)));
        }
        left -= rows;
    }
    None
}

impl From<DataError> for Failure {
    fn from(error: DataError) -> Self {
        Self::data(&error, Advice::Options(Reader::SOURCE))
    }
}

impl From<TrainError> for Failure {
    fn from(error: TrainError) -> Self {
        let kind = match &error {
            TrainError::Data(_) | TrainError::ZeroWeight(_) => Kind::Data,
            TrainError::Assembly(_) | TrainError::Setting { .. } | TrainError::Offers { .. } => {
                Kind::Recipe
            }
            // A checkpoint is read before the trainer sees it, so here it could not be written.
            TrainError::Checkpoint(TensorFileError::Io { .. }) => Kind::Output,
            TrainError::Checkpoint(_) | TrainError::Mismatch { .. } => Kind::Checkpoint,
            TrainError::Model(_) | TrainError::Start { .. } => Kind::Model,
            _ => Kind::Failure,
        };
        let message = match &error {
            TrainError::Checkpoint(TensorFileError::Io { .. }) => format!("cannot write {error}"),
            TrainError::Data(_) => Advice::Options(Reader::SOURCE).help(&error.to_string()),
            _ => error.to_string(),
        };
        Self { kind, message }
    }
}
