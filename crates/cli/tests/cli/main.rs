//! The program as a user and a script see it: spawned, in a folder of its own.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod failures; // every exit code that can be reached, and its message
mod harness;
mod own_data; // a file and a target; mistakes in data
mod recipes; // formats, mistakes and their places, --set, init and render
mod run; // train and resume: what a run leaves, says and repeats
mod use_model; // eval, predict, inspect
