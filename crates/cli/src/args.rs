//! What can be typed.

use crate::recipe::Format;
use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};
use std::path::PathBuf;

/// Trains neural networks.
#[derive(Debug, Parser)]
#[command(name = "tanren", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Train a network, on the embedded digits unless told otherwise
    Train(Train),
    /// Go on with a run from its last checkpoint
    Resume(Resume),
    /// Write the recipe that `train` would follow, with the reason of each choice
    Init(Init),
    /// Write a recipe with every default filled in
    Render(Render),
    /// Score a model on data with known targets
    Eval(Eval),
    /// Predict every row of some data, as CSV
    Predict(Predict),
    /// First aid: is the gradient right, can the network learn 20 rows by heart?
    Check(Check),
    /// Measure how many samples per second training gets through
    Bench(Bench),
    /// Say what is in a model file, even one with unknown plugins, or in some data
    Inspect(Inspect),
}

impl Verb {
    /// Whether the result is wanted as JSON.
    pub(crate) const fn json(&self) -> bool {
        match self {
            Self::Train(train) => train.watch.json,
            Self::Resume(resume) => resume.watch.json,
            Self::Eval(eval) => eval.json,
            Self::Check(check) => check.json,
            Self::Bench(bench) => bench.json,
            Self::Inspect(inspect) => inspect.json,
            Self::Predict(_) | Self::Init(_) | Self::Render(_) => false,
        }
    }
}

/// Seeds a recipe can hold: TOML has no larger whole numbers.
const SEEDS: std::ops::RangeInclusive<u64> = 0..=i64::MAX as u64;

/// What a verb works on: a recipe, or data to make one for.
#[derive(Debug, Args)]
pub(crate) struct Subject {
    /// A recipe (.toml, .json, .yaml), a data file, a folder of IDX files, or digits or iris
    #[arg(value_name = "RECIPE|DATA")]
    pub(crate) what: Option<String>,
    #[command(flatten)]
    pub(crate) data: Data,
    /// Full passes over the training rows
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..))]
    pub(crate) epochs: Option<u64>,
    /// What all randomness follows from
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(SEEDS))]
    pub(crate) seed: Option<u64>,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

/// Data to make a recipe for, and what cannot be seen in them.
#[derive(Debug, Default, Args)]
pub(crate) struct Data {
    /// The data, so that they cannot be taken for a recipe
    #[arg(long = "data", value_name = "DATA", conflicts_with = "what")]
    pub(crate) path: Option<String>,
    /// The column to predict: its name, or its position from 0, from the end if negative
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub(crate) target: Option<String>,
    /// Data to test on, instead of a part of the others
    #[arg(long, value_name = "DATA")]
    pub(crate) test: Option<String>,
    /// What the target is; seen from its values unless said
    #[arg(long, value_enum)]
    pub(crate) task: Option<Task>,
    /// Whether the first row of a table has the names of its columns; seen from it unless said
    #[arg(long, value_enum)]
    pub(crate) header: Option<Answer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Task {
    /// The target is a class
    Classification,
    /// The target is a number
    Regression,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Answer {
    /// It is so
    Yes,
    /// It is not
    No,
}

/// Changes of a recipe.
#[derive(Debug, Default, Args)]
pub(crate) struct Changes {
    /// Change a setting, such as training.batch=64 or network.layers.0.units=128; repeatable
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
}

/// Where a recipe is written, and how.
#[derive(Debug, Args)]
pub(crate) struct Written {
    /// The format; that of the file's ending unless said
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// Where to write; stdout unless said
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Overwrite the file if it is there
    #[arg(long, requires = "output")]
    pub(crate) force: bool,
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
    /// The recipe (.toml, .json, .yaml)
    #[arg(value_name = "RECIPE")]
    pub(crate) recipe: PathBuf,
    #[command(flatten)]
    pub(crate) changes: Changes,
    #[command(flatten)]
    pub(crate) written: Written,
}

#[derive(Debug, Args)]
pub(crate) struct Train {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// The run folder; runs/<data>-<n> unless said
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) watch: Watch,
}

#[derive(Debug, Args)]
pub(crate) struct Resume {
    /// The run folder
    #[arg(value_name = "RUN")]
    pub(crate) run: PathBuf,
    /// Full passes over the training rows, those already made included
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..))]
    pub(crate) epochs: Option<u64>,
    #[command(flatten)]
    pub(crate) watch: Watch,
}

/// How to run and what to show. None of it changes the result.
#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// Threads; as many as there are cores unless said
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    /// Show no progress
    #[arg(long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Eval {
    /// A run folder, or the model file in it
    #[arg(value_name = "MODEL")]
    pub(crate) model: PathBuf,
    /// The data; those the model was trained on unless said
    #[arg(long, value_name = "DATA")]
    pub(crate) data: Option<String>,
    /// The column to compare with, where the data call it otherwise than the model's
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub(crate) target: Option<String>,
    /// Which rows: by default the test rows of the data the model was trained on, all of others
    #[arg(long, value_enum)]
    pub(crate) split: Option<Rows>,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rows {
    /// Those the model's recipe keeps for testing
    Test,
    /// Every row
    All,
}

#[derive(Debug, Args)]
pub(crate) struct Predict {
    /// A run folder, or the model file in it
    #[arg(value_name = "MODEL")]
    pub(crate) model: PathBuf,
    /// The data; those the model was trained on unless said
    #[arg(long, value_name = "DATA")]
    pub(crate) data: Option<String>,
    /// Where to write; stdout unless said
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// What to train; every workload unless said
    #[arg(value_name = "WORKLOAD")]
    pub(crate) workloads: Vec<String>,
    /// Say what the workloads are, and measure nothing
    #[arg(long)]
    pub(crate) list: bool,
    /// Threads; as many as there are cores unless said
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Say where the time went, and how much of the peak is reached
    #[arg(long)]
    pub(crate) profile: bool,
    /// Rounds of at least 50 ms, of which the best counts
    #[arg(long, value_name = "N", default_value_t = 5, hide = true,
          value_parser = value_parser!(u32).range(1..=1000))]
    pub(crate) rounds: u32,
    /// Print one JSON object per workload
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// A model file, a run folder or data
    #[arg(value_name = "MODEL|DATA")]
    pub(crate) what: String,
    #[command(flatten)]
    pub(crate) changes: Changes,
    /// The column to predict
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub(crate) target: Option<String>,
    /// Whether the first row of a table has the names of its columns; seen from it unless said
    #[arg(long, value_enum)]
    pub(crate) header: Option<Answer>,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}
