//! The tanren command line, as a library: a program with plugins of its own gets all of it.
//!
//! ```no_run
//! // use acme as _; // a crate with plugins: linking it is enough
//! fn main() -> std::process::ExitCode {
//!     tanren_cli::run()
//! }
//! ```
//!
//! Results go to stdout, progress and messages to stderr. Exit codes: 0 done, 1 failure such as
//! unwritable output, 2 usage or recipe, 3 data, 4 diverged, 5 found something wrong, 6 unreadable model or checkpoint,
//! 70 internal, 130 interrupted.
#![forbid(unsafe_code)]

mod args;
mod auto;
mod bench;
mod check;
mod choose;
mod console;
mod eval;
mod failure;
mod first_aid;
mod folder;
mod init;
mod inspect;
mod inspect_data;
mod interrupt;
mod place;
mod predict;
mod progress;
mod recipe;
mod render;
mod report;
mod resume;
mod run;
mod sets;
mod summary;
mod train;

pub use auto::{Choice, automatic};
pub use bench::{Updates, WORKLOADS, Workload};
pub use run::{run, run_from};

// Linked, so that their plugins are known by name.
use tanren_layers as _;
use tanren_losses as _;
use tanren_optimizers as _;
use tanren_updaters as _;
