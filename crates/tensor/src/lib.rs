//! Shapes, signals, matrix products, element-wise kernels, reductions and named random streams.
//!
//! The conventions every crate of tanren keeps:
//!
//! * A **signal** is *features × columns*, column-major: one column per example, or per example
//!   and time step, step by step. Column `t · examples + n` is example `n` at step `t`, so one time
//!   step is a contiguous block of columns.
//! * Index letters: `n` example, `i` input feature, `o` output feature, `t` time step.
//! * A matrix is an nalgebra view with run-time strides ([`Mat`], [`MatMut`]); a transposed view
//!   costs nothing ([`transposed`]).
//! * Sums that decide something (losses, norms, dot products, statistics) accumulate in `f64`.
//! * Work is cut into pieces by shape alone, so the number of threads never changes a bit.
//! * Randomness is a function of (seed, stream name, coordinates); no generator is ever stored.
#![deny(unsafe_op_in_unsafe_fn)]
#![warn(clippy::undocumented_unsafe_blocks)]

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod elementary;
mod elementwise;
mod error;
mod gemm;
mod matrix;
pub mod profile;
mod real;
mod reduce;
mod scratch;
mod shape;
mod share;
mod signal;
mod stream;
mod vectorized;
mod welford;

pub use elementary::{
    exp_m1_scalar, exp_scalar, ln_scalar, normal_cdf_scalar, sigmoid_scalar, softplus_scalar,
    tanh_scalar,
};
pub use elementwise::{
    add_scaled, advance, combine, exp, ln, map, repeat_column, sigmoid, softplus, tanh,
};
pub use error::ShapeError;
pub use gemm::{LeftOperand, Write, gemm, gemm_affine, gemm_stationary};
pub use matrix::{Mat, MatMut, column, column_mut, mat, mat_mut, transposed, transposed_mut};
pub use real::{Real, Slice};
pub use reduce::{add_columns, dot, log_sum_exp, max, norm, sum, sum_abs};
pub use scratch::with_scratch;
pub use shape::Shape;
pub use share::{Cut, alone, share, worth_sharing};
pub use signal::{Extent, Indices, Input, Signal, SignalMut};
pub use stream::{Draws, Stream};
pub use vectorized::vectorized;
pub use welford::Welford;

pub use nalgebra;
pub use rand;
