//! What can be wrong with a specification or with a model file.

use crate::TensorFileError;
use std::fmt;
use tanren_tensor::ShapeError;

/// Everything that does not fit in a specification, at once.
#[derive(Clone, PartialEq, Eq)]
pub struct AssemblyError {
    /// One problem each, with its place, what was expected and what was found. Never empty.
    pub problems: Vec<ShapeError>,
}

impl fmt::Display for AssemblyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.as_slice() {
            [only] => only.fmt(f),
            all => {
                write!(f, "{} errors in the network:", all.len())?;
                all.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
            }
        }
    }
}

/// As [`Display`](fmt::Display): a program whose `main` returns an error shows this.
impl fmt::Debug for AssemblyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for AssemblyError {}

/// Why a model file cannot be used.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The file itself.
    #[error(transparent)]
    File(#[from] TensorFileError),
    /// It was made with a plugin this program does not have.
    #[error("the model needs plugin {name}, which is not part of this program")]
    MissingPlugin {
        /// The plugin's name.
        name: String,
    },
    /// A header entry that does not say what it should.
    #[error("{entry} of the model: {message}")]
    Header {
        /// The entry.
        entry: &'static str,
        /// What was expected and found.
        message: String,
    },
    /// Tensors that do not fit the network.
    #[error("tensor {name}: expected {expected}, found {found}")]
    Tensor {
        /// The tensor.
        name: String,
        /// What would have fitted.
        expected: String,
        /// What was there.
        found: String,
    },
    /// The network itself does not fit together.
    #[error("the model's network: {0}")]
    Assembly(#[from] AssemblyError),
}

/// As [`Display`](fmt::Display): a program whose `main` returns an error shows this.
impl fmt::Debug for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
