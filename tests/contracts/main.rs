//! Outside-style plugins, compiled and run: the contracts are wide enough.
//!
//! Every file is one plugin, as somebody outside would write it, with the tests that show which
//! part of a contract it needs. `harness` holds toy data, `traps` what must hold for all of them.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)] // all of this is test code

mod carry;
mod concatenate;
mod embedding;
mod harness;
mod prelu;
mod tied;
