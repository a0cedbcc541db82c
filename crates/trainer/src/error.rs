//! Why a run cannot start or go on.

use std::fmt;
use tanren_network::{AssemblyError, ModelError, TensorFileError, ZeroWeight};
use tanren_plugin::{DataError, OffersError, TaskError};

/// Why a run cannot start or go on. Divergence is no error but an [`Ending`](crate::Ending): the
/// best parameters so far, if there are any, make the model.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// The data.
    #[error("data: {0}")]
    Data(#[from] DataError),
    /// The network.
    #[error(transparent)]
    Assembly(#[from] AssemblyError),
    /// A setting of the recipe.
    #[error("{field}: expected {expected}, found {found}")]
    Setting {
        /// The path of the field in the recipe.
        field: String,
        /// What would have been accepted.
        expected: String,
        /// What was there.
        found: String,
    },
    /// An algorithm wants more than the objective has.
    #[error(transparent)]
    Offers(#[from] OffersError),
    /// A batch that cannot be trained on, such as one in which nothing counts.
    #[error(transparent)]
    Task(#[from] TaskError),
    /// Rows of which none counts.
    #[error("data: {0}")]
    ZeroWeight(#[from] ZeroWeight),
    /// A checkpoint that cannot be read or written.
    #[error("checkpoint {0}")]
    Checkpoint(#[from] TensorFileError),
    /// A checkpoint of another run.
    #[error("the checkpoint belongs to another recipe: {what}: expected {expected}, found {found}")]
    Mismatch {
        /// What does not fit.
        what: String,
        /// What this recipe needs.
        expected: String,
        /// What the checkpoint holds.
        found: String,
    },
    /// A file to start from that cannot be read.
    #[error("{field}: {error}")]
    Start {
        /// The path of the field in the recipe that names it.
        field: String,
        /// What is wrong with it.
        error: ModelError,
    },
    /// The model file.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The threads.
    #[error("cannot start threads: {0}")]
    Threads(String),
}

/// As [`Display`](fmt::Display): a program whose `main` returns an error shows this.
impl fmt::Debug for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
