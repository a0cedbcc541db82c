//! Directions, searches and schedules: where to go, and how far.
//!
//! g is the gradient, d the direction, η the step along it, t a count of the clock.
//!
//! | family    | name            | type             | formula                  | settings                           | source |
//! |-----------|-----------------|------------------|--------------------------|------------------------------------|--------|
//! | direction | `steepest`      | [`Steepest`]     | d = −g                   |                                    | Cauchy 1847 |
//! | search    | `learning-rate` | [`LearningRate`] | η = rate(clock)          | `rate`, a schedule                 | Robbins & Monro 1951 |
//! | schedule  | `constant`      | [`Constant`]     | value                    | `value`                            | |
//! | schedule  | `step`          | [`Step`]         | value · factor^⌊t/every⌋ | `value`, `factor`, `every`, `unit` | |
#![forbid(unsafe_code)]

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod learning_rate;
mod schedule;
mod steepest;

pub use learning_rate::LearningRate;
pub use schedule::{Constant, Step, Unit};
pub use steepest::Steepest;

#[cfg(test)]
mod tests;
