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
//! | activation | [`activation()`] | [`activation::check`] |
//! | loss | [`loss()`], [`loss_with`] | [`loss::check`] |
//! | updater | [`updater()`], [`updater_with`] | [`updater::check`] |
//! | direction, search, schedule | [`direction()`], [`search()`], [`schedule()`] | `check` of the module |
//! | normaliser | [`normalizer()`] | [`normalizer::check`] |
//! | objective | [`objective`] | [`gradient::objective`] |
//! | any plugin, as text | [`round_trip()`] | [`round_trip::check`] |
//! | numbers of a reference | [`golden()`] | [`golden::compare`] |
//!
//! Every check is deterministic: all randomness follows from a seed among its options.
#![forbid(unsafe_code)]

pub mod activation;
pub mod direction;
mod failure;
pub mod golden;
pub mod layer;
pub mod loss;
pub mod normalizer;
pub mod problems;
pub mod round_trip;
pub mod schedule;
pub mod search;
#[cfg(feature = "strategies")]
pub mod strategies;
mod threads;
pub mod updater;

pub use activation::activation;
pub use direction::direction;
pub use golden::golden;
pub use layer::{LayerOptions, layer, layer_with};
pub use loss::{LossOptions, loss, loss_with};
pub use normalizer::normalizer;
pub use problems::Problem;
pub use round_trip::round_trip;
pub use schedule::schedule;
pub use search::search;
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
