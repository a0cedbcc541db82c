//! The tanren command line, as a library. A program that links crates with plugins and calls `run` is
//! this command line with those plugins.
//!
//! ```no_run
//! // use acme as _; // links a crate, which registers its plugins
//! fn main() -> std::process::ExitCode {
//!     tanren_cli::run()
//! }
//! ```
//!
//! Results go to stdout, progress and messages to stderr. The exit codes are: 0 success, 1 failure such
//! as output that cannot be written, 2 wrong arguments or a wrong recipe, 3 wrong data, 4 training
//! diverged, 5 a sanity check failed, 6 a model or checkpoint that cannot be read, 70 an internal error,
//! 129, 130 and 143 ended by SIGHUP, Ctrl-C and SIGTERM.
#![forbid(unsafe_code)]

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod args;
mod automatic;
mod catalogue;
mod failure;
mod files;
mod input;
mod interrupt;
mod output;
mod recipe;
mod run;
mod verbs;

pub use automatic::{Choice, automatic};
pub use run::{run, run_from};
pub use verbs::bench::{Hidden, Updates, WORKLOADS, Workload};

// Linked, so that their plugins are known by name.
use tanren_layers as _;
use tanren_losses as _;
use tanren_optimizers as _;
use tanren_updaters as _;
