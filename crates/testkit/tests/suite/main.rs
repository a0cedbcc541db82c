//! Every check of the kit: what is right passes, and what is wrong breaks the rule that is about its
//! fault.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod activation;
mod gradient;
mod layer;
mod loss;
mod steps; // directions, searches, schedules
mod strategies;
mod text; // round trips, normalisers, golden numbers
mod updater;
