//! Outside-style plugins, compiled and run: the contracts are wide enough.
//!
//! Every file is one plugin, as somebody outside would write it, with the tests that show which
//! part of a contract it needs; `harness` holds toy data.
#![deny(unsafe_op_in_unsafe_fn)]
#![allow(clippy::unwrap_used)] // all of this is test code

mod activity;
mod aim;
#[path = "../memory/allocator.rs"]
#[allow(dead_code)] // only the calls of a thread are counted here
mod allocator;
mod armijo;
mod averaged;
mod batch_norm;
mod carry;
mod comparison;
mod concatenate;
mod conjugate_gradient;
mod drop_connect;
mod dropout;
mod endings;
mod energy;
mod factors;
mod first_nan;
mod free_losses;
mod gradient_only;
mod harness;
mod lamb;
mod log;
mod max_norm;
mod mixture;
mod muon;
mod plateau;
mod prelu;
mod recurrent;
mod remembering;
mod residual;
mod rounded_products;
mod rules;
mod schedule_free;
mod segments;
mod shake;
mod spot;
mod stacked;
mod stubborn;
mod table;
mod tied;
mod top;
mod traps;
mod variational;
mod weight_average;
