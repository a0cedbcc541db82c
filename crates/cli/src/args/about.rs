//! The options of the verbs that tell something: of speed, of files, of plugins, of this program.

use super::{Answer, Changes, numbers};
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// Names of workloads [default: all]
    #[arg(value_name = "WORKLOAD")]
    pub(crate) workloads: Vec<String>,
    /// List the workloads without measuring
    #[arg(long)]
    pub(crate) list: bool,
    /// Number of threads [default: one per core]
    #[arg(long, value_name = "N", value_parser = numbers::whole::<u16>(1, 1024), allow_negative_numbers = true)]
    pub(crate) threads: Option<u16>,
    /// Also show where the time goes, and the share of the peak speed
    #[arg(long)]
    pub(crate) profile: bool,
    /// Rounds of at least 50 ms, of which the best counts
    #[arg(long, value_name = "N", default_value_t = 5, hide = true,
          value_parser = numbers::whole::<u32>(1, 1000), allow_negative_numbers = true)]
    pub(crate) rounds: u32,
    /// Print one JSON object per workload
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// A model file, the folder of a run, or data; - is standard input
    #[arg(value_name = "MODEL|DATA")]
    pub(crate) what: String,
    #[command(flatten)]
    pub(crate) changes: Changes,
    /// The column to predict; may be repeated
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub(crate) target: Vec<String>,
    /// Whether the first row of a CSV file holds the column names [default: detected]
    #[arg(long, value_enum)]
    pub(crate) header: Option<Answer>,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Plugins {
    /// A kind of plugin, such as loss, or the name of a plugin, such as huber [default: a list of all]
    #[arg(value_name = "KIND|NAME")]
    pub(crate) what: Option<String>,
    /// Print a JSON Schema of recipes, by which an editor completes and checks them
    #[arg(long, conflicts_with = "what")]
    pub(crate) schema: bool,
    /// Print the result as JSON
    #[arg(long, conflicts_with = "schema")]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell, or man for manual pages
    #[arg(value_enum, value_name = "SHELL|man")]
    pub(crate) what: Pages,
    /// The command whose manual page is printed [default: that of tanren]
    #[arg(value_name = "COMMAND")]
    pub(crate) verb: Option<String>,
}

/// What `completions` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Pages {
    /// Completions for bash
    Bash,
    /// Completions for elvish
    Elvish,
    /// Completions for fish
    Fish,
    /// Completions for PowerShell
    Powershell,
    /// Completions for zsh
    Zsh,
    /// A manual page
    Man,
}
