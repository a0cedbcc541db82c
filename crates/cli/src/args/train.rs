//! The arguments of `train` and `resume`.

use super::{Subject, numbers};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Train {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Folder for the results of the run [default: runs/<data>-<n>]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Cross-validation: train in each of K folds of the rows, and print the mean and the spread of every
    /// score; no model is written
    #[arg(long, value_name = "K", value_parser = numbers::whole::<u64>(2, u64::MAX), allow_negative_numbers = true)]
    pub(crate) folds: Option<u64>,
    /// After cross-validation, train a model on all rows, for the median of the best epochs
    #[arg(long, requires = "folds")]
    pub(crate) refit: bool,
    #[command(flatten)]
    pub(crate) watch: Watch,
}

#[derive(Debug, Args)]
pub(crate) struct Resume {
    /// The folder of the run
    #[arg(value_name = "RUN")]
    pub(crate) run: PathBuf,
    /// Total number of epochs, with those already trained [default: as before]
    #[arg(long, value_name = "N", value_parser = numbers::whole::<u64>(1, u64::MAX), allow_negative_numbers = true)]
    pub(crate) epochs: Option<u64>,
    /// Learning rate from now on, the same at all times; it takes the place of a schedule
    #[arg(long, value_name = "RATE", value_parser = numbers::rate, allow_hyphen_values = true)]
    pub(crate) lr: Option<f64>,
    /// Change the epochs, search, pace, stopping, metrics or keep of training (may be repeated)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Go on although the data have changed since the run began
    #[arg(long)]
    pub(crate) data_changed: bool,
    #[command(flatten)]
    pub(crate) watch: Watch,
}

/// How to run and what to show. None of it changes the result.
#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// Number of threads; the result is always the same [default: one per core]
    #[arg(long, value_name = "N", value_parser = numbers::whole::<u16>(1, 1024), allow_negative_numbers = true)]
    pub(crate) threads: Option<u16>,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    /// Show no progress
    #[arg(long)]
    pub(crate) quiet: bool,
    /// Show every epoch with all its scores and times
    #[arg(long, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
}
