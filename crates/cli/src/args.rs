//! The arguments of the command line, and the text of `--help`.

mod about;
mod data;
mod numbers;
mod sweep;
mod train;
mod transfer;

pub(crate) use about::{Bench, Completions, Inspect, Pages, Plugins};
pub(crate) use data::{Answer, Data, SplitBy, Task};
pub(crate) use sweep::Sweep;
pub(crate) use train::{Resume, Train, Watch};
pub(crate) use transfer::Transfer;

use crate::recipe::Format;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Trains neural networks on the CPU, from a data file or from a recipe (a file of settings).
#[derive(Debug, Parser)]
#[command(name = "tanren", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Train a network on data or by a recipe
    Train(Train),
    /// Resume a run from its last checkpoint
    Resume(Resume),
    /// Find the learning rate, or any other setting, by training with several values for a short while
    Sweep(Sweep),
    /// Write the recipe that `train` would use, with the reason for each setting
    Init(Init),
    /// Expand a recipe: write it with every default filled in
    Render(Render),
    /// Evaluate a model: its scores on data with known targets
    Eval(Eval),
    /// Predict the target of every row of some data, as CSV
    Predict(Predict),
    /// Write text, by a model that was trained on text, or go on with the series that a model forecasts
    Sample(Sample),
    /// Sanity checks: is the gradient correct, can the network overfit 20 rows?
    Check(Check),
    /// Measure the speed of training, in samples per second (of sequences, in steps; with L-BFGS, in
    /// evaluations)
    Bench(Bench),
    /// Describe a model file, or every column of some data
    Inspect(Inspect),
    /// List the plugins (layers, losses, updaters …), with their settings, defaults and ranges
    Plugins(Plugins),
    /// Print a script with which a shell completes commands, or a manual page
    Completions(Completions),
}

impl Verb {
    /// Whether the result is wanted as JSON.
    pub(crate) const fn json(&self) -> bool {
        match self {
            Self::Train(train) => train.watch.json,
            Self::Resume(resume) => resume.watch.json,
            Self::Sweep(sweep) => sweep.json,
            Self::Eval(eval) => eval.json,
            Self::Check(check) => check.json,
            Self::Bench(bench) => bench.json,
            Self::Inspect(inspect) => inspect.json,
            Self::Plugins(plugins) => plugins.json,
            Self::Predict(_)
            | Self::Sample(_)
            | Self::Init(_)
            | Self::Render(_)
            | Self::Completions(_) => false,
        }
    }

    /// Whether progress is not wanted.
    pub(crate) const fn quiet(&self) -> bool {
        match self {
            Self::Train(Train { watch, .. }) | Self::Resume(Resume { watch, .. }) => watch.quiet,
            Self::Sweep(sweep) => sweep.quiet,
            _ => false,
        }
    }
}

/// The largest seed that a recipe can hold: TOML has no larger whole numbers.
const SEED: u64 = i64::MAX as u64;

/// What a verb works on: a recipe, or data to make one for.
#[derive(Debug, Default, Args)]
pub(crate) struct Subject {
    /// A recipe, a data file (- is standard input), a folder of IDX files, digits or iris [default:
    /// digits]
    #[arg(value_name = "RECIPE|DATA")]
    pub(crate) what: Option<String>,
    #[command(flatten)]
    pub(crate) data: Data,
    #[command(flatten)]
    pub(crate) transfer: Transfer,
    /// Number of epochs (passes over the training rows)
    #[arg(long, value_name = "N", value_parser = numbers::whole::<u64>(1, u64::MAX), allow_negative_numbers = true)]
    pub(crate) epochs: Option<u64>,
    /// Rows per batch
    #[arg(long, value_name = "N", value_parser = numbers::whole::<u64>(1, u64::MAX), allow_negative_numbers = true)]
    pub(crate) batch: Option<u64>,
    /// Learning rate, the same at all times; it takes the place of a schedule
    #[arg(long, value_name = "RATE", value_parser = numbers::rate, allow_hyphen_values = true)]
    pub(crate) lr: Option<f64>,
    /// Random seed, for the split, the initial weights and the order of rows
    #[arg(long, value_name = "N", value_parser = numbers::whole::<u64>(0, SEED), allow_negative_numbers = true)]
    pub(crate) seed: Option<u64>,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

/// Changes of a recipe.
#[derive(Debug, Default, Args)]
pub(crate) struct Changes {
    /// Change a setting, such as training.batch=64 (may be repeated)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
}

/// Where a result is written.
#[derive(Debug, Default, Args)]
pub(crate) struct Output {
    /// File to write; - is standard output [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Overwrite the file if it exists; never an input, a model or a file of a run
    #[arg(long, requires = "output")]
    pub(crate) force: bool,
}

/// Where a recipe is written, and how.
#[derive(Debug, Args)]
pub(crate) struct Written {
    /// Format of the recipe [default: by the name of the file, else toml]
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    #[command(flatten)]
    pub(crate) to: Output,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[command(flatten)]
    pub(crate) written: Written,
}

#[derive(Debug, Args)]
pub(crate) struct Render {
    /// The recipe (.toml, .json, .yaml); with --plot also the folder of a run, or data
    #[arg(value_name = "RECIPE")]
    pub(crate) recipe: PathBuf,
    #[command(flatten)]
    pub(crate) changes: Changes,
    #[command(flatten)]
    pub(crate) written: Written,
    /// Draw every schedule of the recipe, such as the learning rate, over its epochs
    #[arg(long, conflicts_with_all = ["format", "output"])]
    pub(crate) plot: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Eval {
    /// The folder of a run, or a model file
    #[arg(value_name = "MODEL")]
    pub(crate) model: PathBuf,
    /// The data; - is standard input [default: those the model was trained on]
    #[arg(long, value_name = "DATA")]
    pub(crate) data: Option<String>,
    /// The target column, if it has another name than in the training data; repeated for several
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub(crate) target: Vec<String>,
    /// Rows to score [default: test for the data of the training, all for others]
    #[arg(long, value_enum)]
    pub(crate) split: Option<Rows>,
    /// How probable the second of two classes must be to be predicted [default: 0.5]
    #[arg(long, value_name = "P", value_parser = numbers::share, allow_negative_numbers = true)]
    pub(crate) threshold: Option<f64>,
    /// Also write each row's number, truth, prediction and probabilities to this CSV file
    #[arg(long, value_name = "FILE")]
    pub(crate) predictions: Option<PathBuf>,
    /// A column of the data to copy into that file; may be repeated
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true, requires = "predictions")]
    pub(crate) id: Vec<String>,
    /// The rows that are predicted worst come first in that file
    #[arg(long, requires = "predictions")]
    pub(crate) most_wrong: bool,
    /// Overwrite that file if it exists; never an input, a model or a file of a run
    #[arg(long, requires = "predictions")]
    pub(crate) force: bool,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rows {
    /// The rows the model was trained on
    Train,
    /// The rows by which the best epoch was chosen
    Validation,
    /// The rows that were held out for testing
    Test,
    /// Every row
    All,
}

#[derive(Debug, Args)]
pub(crate) struct Predict {
    /// The folder of a run, or a model file
    #[arg(value_name = "MODEL")]
    pub(crate) model: PathBuf,
    /// The data; - is standard input [default: those the model was trained on]
    #[arg(long, value_name = "DATA")]
    pub(crate) data: Option<String>,
    /// How probable the second of two classes must be to be predicted [default: 0.5]
    #[arg(long, value_name = "P", value_parser = numbers::share, allow_negative_numbers = true)]
    pub(crate) threshold: Option<f64>,
    /// A column of the data to copy beside the predictions; may be repeated
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub(crate) id: Vec<String>,
    /// Predict lines of standard input as they come: values in the order of the model's columns, parted by
    /// commas, or below a line with the names. A recurrent model goes on from line to line; after an empty
    /// line a sequence begins anew
    #[arg(long, conflicts_with_all = ["data", "id", "output"])]
    pub(crate) stream: bool,
    #[command(flatten)]
    pub(crate) to: Output,
}

#[derive(Debug, Args)]
pub(crate) struct Sample {
    /// The folder of a run, or a model file
    #[arg(value_name = "MODEL")]
    pub(crate) model: PathBuf,
    /// What a text begins with
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) prompt: Option<String>,
    /// The data with the series to go on from [default: those the model was trained on]
    #[arg(long, value_name = "DATA")]
    pub(crate) data: Option<String>,
    /// How many characters, bytes or steps to write [default: 500; of a series, as many as one forecast has]
    #[arg(long, value_name = "N", value_parser = numbers::whole::<u64>(1, u64::MAX), allow_negative_numbers = true)]
    pub(crate) length: Option<u64>,
    /// How freely to draw: 0 always takes the most probable, 1 draws as probable as the model says (of a series, with errors as large as those it makes)
    #[arg(long, value_name = "T", default_value_t = 1.0, value_parser = numbers::temperature, allow_negative_numbers = true)]
    pub(crate) temperature: f64,
    /// Draw from the K most probable alone
    #[arg(long, value_name = "K", value_parser = numbers::whole::<usize>(1, u64::MAX), allow_negative_numbers = true)]
    pub(crate) top_k: Option<usize>,
    /// Random seed
    #[arg(long, value_name = "N", default_value_t = 42, value_parser = numbers::whole::<u64>(0, SEED), allow_negative_numbers = true)]
    pub(crate) seed: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}
