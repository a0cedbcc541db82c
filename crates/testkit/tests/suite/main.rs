//! Every check of the kit: what is right passes, and what is wrong breaks the rule that is about its
//! fault.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod activation;
mod conjugate; // directions that are supposed to be conjugate
mod constraint;
mod energy;
mod gradient;
mod init;
mod layer;
mod loss;
mod metric;
mod noise;
mod penalty;
mod products;
mod recurrent;
mod registry;
mod source;
mod split;
mod steps; // directions, searches, schedules
mod stopping;
#[cfg(feature = "strategies")]
mod strategies;
mod text; // round trips, normalisers, golden numbers
mod updater;
