//! Recipes, the training loop, evaluation and checkpoints.
//!
//! A [`Recipe`] says all that is needed to repeat a run. [`Recipe::prepare`] opens and splits the
//! data, fits the normalisers and assembles the network: whatever does not fit shows here.
//! [`Setup::train`] runs the loop ([`fit`]) and gives a [`Trained`] model with its scores;
//! [`Setup::cross_validate`] does so in every fold of the data, and a [`Sweep`] finds the best of several
//! recipes, such as those that differ in their learning rate.
//!
//! A recipe file is read by the serde crate of its format: `let recipe: Recipe = toml::from_str(&text)?`,
//! `serde_json::from_str(&text)?`. The error has line and column; the name of the file is the caller's to
//! add. Whoever reads a recipe with a plugin of another crate names that crate: `use acme as _;`.
//!
//! A run ends after its last epoch, when a loss is not finite, or by a rule of `training.stopping`:
//!
//! | rule | name in a recipe | ends a run when | settings |
//! |---|---|---|---|
//! | [`Patience`] | `patience` | a score did not improve for some epochs | `epochs`, `tolerance`, `min-delta`, `metric`, `rows` |
//! | [`TargetScore`] | `target-score` | a score is as good as it should be | `metric`, `score`, `rows` |
//! | [`TimeLimit`] | `time-limit` | it has taken so long | `seconds` |
//! | [`MaxLoss`] | `max-loss` | the loss of a batch is above a limit | `loss` |
//!
//! A rule of a phase before training ends that phase alone: the next one begins.
//!
//! The crate knows no layer, loss, updater, direction, search or source by name, and it never
//! diagnoses: whoever wants to know more than the scores is an [`Observer`](tanren_plugin::Observer).
#![forbid(unsafe_code)]

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod awake;
mod balance;
mod check;
mod checkpoint;
mod columns;
mod cross_validation;
mod details;
mod error;
mod evaluate;
mod fit;
mod fitting;
mod keep;
pub mod metrics;
mod normalize;
mod order;
mod pace;
mod phase_run;
mod phases;
mod recipe;
mod references;
mod scores;
mod scoring;
mod segments;
mod setup;
mod start;
mod state;
mod stopping;
mod sweep;
mod task;
mod train;
mod trivial;
mod truncation;

pub use cross_validation::{CrossValidation, Spread};
pub use details::{Details, evaluate_in_full};
pub use error::TrainError;
pub use evaluate::evaluate;
pub use fit::fit;
pub use keep::Keep;
pub use order::{Order, RowBatches};
pub use pace::Plateau;
pub use phases::PhasePlan;
pub use recipe::{Arithmetic, By, DataSpec, Recipe, TrainingSpec};
pub use references::reference_scores;
pub use scores::Scores;
pub use scoring::Scoring;
pub use segments::Segments;
pub use setup::{Rows, Setup};
pub use start::StartSpec;
pub use start::inputs::same_inputs;
pub use start::reading::read_as;
pub use start::taken::Start;
pub use state::{Best, Cursor, State};
pub use stopping::{MaxLoss, Patience, TargetScore, TimeLimit};
pub use sweep::{
    Candidate, Comparison, Diverged, Fate, RangePoint, RangeTested, Sweep, SweepEvent,
    SweepOutcome, SweepSettings, SweepWatch, Tried, between, log_spaced,
};
pub use tanren_plugin::Ending;
pub use task::{EnergyTask, Scored, Supervised};
pub use train::{Baseline, Options, Trained, on_threads};
pub use trivial::Trivial;
pub use truncation::Truncation;
