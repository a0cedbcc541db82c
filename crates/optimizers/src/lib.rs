//! Directions, searches and schedules: where to go, and how far.
//!
//! g is the gradient, d the direction, η the step along it, t a count of the clock.
//!
//! | family    | name            | type             | formula                  | settings                           | source |
//! |-----------|-----------------|------------------|--------------------------|------------------------------------|--------|
//! | direction | `steepest`      | [`Steepest`]     | d = −g                   |                                    | Cauchy 1847 |
//! | direction | `conjugate-gradient` | [`ConjugateGradient`] | d = −g + β d₋     | `beta`, `orthogonality`, `reset`   | Fletcher & Reeves 1964 and others |
//! | direction | `l-bfgs`        | [`Lbfgs`]        | d = −H g                 | `memory`, `curvature`, `damping`, `reset` | Nocedal 1980 |
//! | search    | `backtracking`  | [`Backtracking`] | φ(η) ≤ φ(0) + c η φ′(0)  | `decrease`, `evaluations`          | Armijo 1966 |
//! | search    | `strong-wolfe`  | [`StrongWolfe`]  | the same, and \|φ′(η)\| ≤ c₂ \|φ′(0)\| | `decrease`, `curvature`, `evaluations` | Moré & Thuente 1994 |
//! | search    | `hager-zhang`   | [`HagerZhang`]   | the conditions of Wolfe, nearly | `delta`, `sigma`, `epsilon`, `evaluations` | Hager & Zhang 2006 |
//! | search    | `learning-rate` | [`LearningRate`] | η = rate(clock)          | `rate`, a schedule                 | Robbins & Monro 1951 |
//! | schedule  | `constant`      | [`Constant`]     | value                    | `value`                            | |
//! | schedule  | `step`          | [`Step`]         | value · factor^⌊t/every⌋ | `value`, `factor`, `every`, `unit` | |
#![forbid(unsafe_code)]

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod direction;
mod minimize;
mod schedule;
mod search;

pub use direction::{Beta, ConjugateGradient, Lbfgs, Steepest};
pub use minimize::{Ending, Minimizer, Minimum};
pub use schedule::{Constant, Step, Unit};
pub use search::{Backtracking, HagerZhang, LearningRate, StrongWolfe};
pub use tanren_tensor::nalgebra;

#[cfg(test)]
mod tests;
