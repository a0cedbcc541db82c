//! The options that make a recipe for data go on from a model.

use clap::Args;
use std::path::PathBuf;

/// A model to go on from.
#[derive(Debug, Default, Args)]
pub(crate) struct Transfer {
    /// Start from a model (a file, or the folder of a run) with the same inputs: take its layers, their
    /// weights and its normalizers, and put a new last layer for the target in place of its own
    #[arg(long, value_name = "MODEL")]
    pub(crate) start: Option<PathBuf>,
    /// Keep the weights that come from the model as they are, and train the new last layer alone
    #[arg(long, requires = "start")]
    pub(crate) freeze_body: bool,
}
