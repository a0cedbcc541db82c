//! Conformance tests for plugins: what every layer, loss, updater and their kin must satisfy.
//!
//! A plugin's own test calls the function named like its family, which panics with the broken
//! rule, the place and the numbers:
//!
//! ```no_run
//! # fn conforms(swish: &dyn tanren_plugin::Layer) {
//! use tanren_plugin::tensor::Shape;
//!
//! tanren_testkit::layer(swish, &[Shape::sequence(3)]);
//! # }
//! ```
//!
//! | family | assertion | the same as a value |
//! |---|---|---|
//! | layer | [`layer()`], [`layer_with`] | [`layer::check`] |
//! | layer that is an energy model | [`energy()`] | [`energy::check`] |
//! | activation | [`activation()`] | [`activation::check`] |
//! | loss | [`loss()`], [`loss_with`] | [`loss::check`] |
//! | updater | [`updater()`], [`updater_with`] | [`updater::check`] |
//! | direction, schedule | [`direction()`], [`schedule()`] | `check` of the module |
//! | search | [`search()`], [`search_with`] | [`search::check`] |
//! | penalty, constraint, weight noise | [`penalty()`], [`constraint()`], [`noise()`] | `check` of the module |
//! | initial scheme | [`init()`], [`init_with`] | [`init::check`] |
//! | source, split | [`source()`], [`source_refuses`], [`split()`] | `check` of the module, [`source::refused`] |
//! | normaliser | [`normalizer()`] | [`normalizer::check`] |
//! | metric, stopping rule, pace | [`metric()`], [`stopping()`], [`pace()`] | `check` of the module |
//! | objective | [`objective`] | [`gradient::objective`] |
//! | any plugin, as text | [`round_trip()`] | [`round_trip::check`] |
//! | all plugins of a family | [`family()`] | [`names`](tanren_plugin::engine::names) |
//! | numbers of a reference | [`golden()`] | [`golden::compare`] |
//!
//! Every check is deterministic: all randomness follows from a seed among its options.
#![forbid(unsafe_code)]

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod activation;
pub mod constraint;
mod continuity;
pub mod direction;
mod failure;
pub mod functions;
pub mod golden;
pub mod init;
pub mod layer;
pub mod loss;
pub mod metric;
pub mod noise;
pub mod normalizer;
pub mod pace;
pub mod penalty;
pub mod problems;
pub mod registry;
pub mod round_trip;
pub mod schedule;
pub mod search;
pub mod source;
pub mod split;
pub mod stopping;
#[cfg(feature = "strategies")]
pub mod strategies;
mod threads;
pub mod updater;

pub use activation::activation;
pub use constraint::constraint;
pub use direction::direction;
pub use golden::golden;
pub use init::{InitOptions, init, init_with};
pub use layer::energy::{self, energy};
pub use layer::{LayerOptions, layer, layer_with};
pub use loss::{LossOptions, loss, loss_with};
pub use metric::metric;
pub use noise::noise;
pub use normalizer::normalizer;
pub use pace::pace;
pub use penalty::penalty;
pub use problems::Problem;
pub use registry::family;
pub use round_trip::round_trip;
pub use schedule::schedule;
pub use search::{SearchOptions, search, search_with};
pub use source::{source, source_refuses};
pub use split::split;
pub use stopping::stopping;
pub use updater::{UpdaterOptions, updater, updater_with};

pub use tanren_plugin::gradient::{self, Failure};

use tanren_plugin::Objective;

/// Asserts that value and gradient of an objective agree at `parameters`.
///
/// # Panics
/// When they do not; see [`gradient::objective`].
#[track_caller]
pub fn objective(objective: &mut dyn Objective<f64>, parameters: &[f64], smooth: bool) {
    failure::assert(gradient::objective(objective, parameters, smooth).map(drop));
}
