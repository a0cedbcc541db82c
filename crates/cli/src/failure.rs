//! `Failure`: why a command failed, and its exit code.

use crate::output::advice::Advice;
use serde_json::Value;
use std::fmt;
use std::path::Path;
use tanren_network::{ModelError, TensorFileError};
use tanren_plugin::DataError;
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

    /// The data cannot be used with a model. There is no advice to change a setting, because the model
    /// has the settings of the reader.
    pub(crate) fn rows(error: &DataError) -> Self {
        let kind = if error.diverged { Kind::Diverged } else { Kind::Data };
        Self::new(kind, Advice::Nothing.say(&error.to_string()))
    }

    /// A run that cannot start or go on. What is wrong with its data names their file, as `source`, a
    /// source in JSON, has it: a table knows only what it is called.
    pub(crate) fn training(mut error: TrainError, source: &Value) -> Self {
        if let (TrainError::Data(error), Some(path)) = (&mut error, source["path"].as_str())
            && error.row.is_some()
            && !Path::new(&error.source).exists()
        {
            path.clone_into(&mut error.source);
        }
        error.into()
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

impl From<DataError> for Failure {
    fn from(error: DataError) -> Self {
        Self::new(Kind::Data, with_help(&error.to_string()))
    }
}

/// Settings of sources that can occur in their messages, in backticks.
const SETTINGS: &[&str] = &[
    "task",
    "missing",
    "categories",
    "numbers",
    "ignore",
    "beside",
    "header",
    "delimiter",
    "max-levels",
    "zero-based",
];

/// A message about data, with the option that changes the setting it mentions.
fn with_help(message: &str) -> String {
    let names = |setting: &&&str| {
        ["`", " "].iter().any(|end| message.contains(&format!("`{setting}{end}")))
    };
    match SETTINGS.iter().find(names) {
        Some(&"missing") => format!(
            "{message}\n  help: --set 'data.source.missing=[\"\", \"NA\", \"…\"]' lists the texts that \
             mean missing"
        ),
        Some(&"beside") => format!("{message}\n  help: --set 'data.source.beside=[\"…\"]'"),
        Some(&"header") => format!("{message}\n  help: --header yes or no"),
        Some(&"task") => format!("{message}\n  help: --task classification or regression"),
        Some(setting) => format!("{message}\n  help: --set data.source.{setting}=…"),
        None => message.to_owned(),
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
            TrainError::Model(_) => Kind::Model,
            _ => Kind::Failure,
        };
        let message = match &error {
            TrainError::Checkpoint(TensorFileError::Io { .. }) => format!("cannot write {error}"),
            TrainError::Data(_) => with_help(&error.to_string()),
            _ => error.to_string(),
        };
        Self { kind, message }
    }
}
