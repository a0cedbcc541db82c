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
//! | search    | `learning-rate` | [`LearningRate`] | η = rate(clock)          | `rate`, a number or a schedule     | Robbins & Monro 1951 |
//! | schedule  | `constant`      | [`Constant`]     | value                    | `value`                            | |
//! | schedule  | `step`          | [`Step`]         | value · factor^⌊t/every⌋ | `value`, `factor`, `every`, `unit` | |
//! | schedule  | `exponential`   | [`Exponential`]  | value · factorᵗ, no further than end | `value`, `factor`, `end`, `unit` | Smith 2017 |
//! | schedule  | `inverse`       | [`Inverse`]      | value / (1 + decay t)^power | `value`, `decay`, `power`, `unit` | Robbins & Monro 1951 |
//! | schedule  | `polynomial`    | [`Polynomial`]   | end + (value − end)(1 − t/over)^power | `value`, `end`, `power`, `over`, `unit` | Chen et al. 2018 |
//! | schedule  | `linear`        | [`Linear`]       | value + (end − value) t/over | `value`, `end`, `over`, `unit` | |
//! | schedule  | `cosine`        | [`Cosine`]       | end + (value − end)(1 + cos(π t/over))/2 | `value`, `end`, `over`, `unit` | Loshchilov & Hutter 2017 |
//! | schedule  | `warm-restarts` | [`WarmRestarts`] | the same, again and again | `value`, `end`, `over`, `factor`, `unit` | Loshchilov & Hutter 2017 |
//! | schedule  | `one-cycle`     | [`OneCycle`]     | max/div → max → max/(div · final) | `max`, `over`, `rise`, `anneal`, `div-factor`, `final-div-factor`, `three-phase`, `unit` | Smith & Topin 2018 |
//! | schedule  | `cyclic`        | [`Cyclic`]       | triangles from base to max | `base`, `max`, `up`, `down`, `mode`, `gamma`, `unit` | Smith 2017 |
//! | schedule  | `sigmoid`       | [`Sigmoid`]      | value / (1 + e^(−steepness (t − middle))) | `value`, `steepness`, `middle`, `unit` | Jia et al. 2014 |
//! | schedule  | `table`         | [`Table`]        | the number of the last position ≤ t, or a line to the next | `values`, `interpolation`, `unit` | |
//! | schedule  | `warm-up`       | [`WarmUp`]       | (start + (1 − start) t/over) · then | `over`, `start`, `then`, `unit` | Goyal et al. 2017 |
//! | schedule  | `joined`        | [`Joined`]       | one after another | `parts`, `unit` | |
//!
//! A schedule by epochs changes between epochs; within one it stays as it is. One that is to change with every
//! step counts iterations or samples.
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
pub use schedule::{
    Anneal, Constant, Cosine, Cyclic, CyclicMode, Exponential, Interpolation, Inverse, Joined,
    Linear, OneCycle, Part, Polynomial, Sigmoid, Step, Table, Unit, WarmRestarts, WarmUp,
};
pub use search::{Backtracking, HagerZhang, LearningRate, StrongWolfe};
pub use tanren_tensor::nalgebra;

#[cfg(test)]
mod tests;
