//! The program as a user and a script see it: spawned, in a folder of its own.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod anywhere; // a run works from any folder
mod bench; // what it prints and refuses
mod destructive; // what is never overwritten
mod diverged; // runs that diverge
mod failures; // every exit code that can be reached, and its message
mod folds; // cross-validation
mod harness;
mod held_out; // --split
mod hostile; // files that are no recipes
mod ids; // --id
mod killed; // runs that were killed, or could not write
mod looked_at;
mod midway; // a file that is being written while something happens
mod mistakes; // mistakes in recipes, with their places
mod noted; // sizes out of proportion, rare classes, counts
mod options; // what options change, and what is said of it
mod outside; // plugins from outside, without a process of their own
mod own_data; // a file and a target; mistakes in data
mod parts; // --test and --validation
mod plot; // render --plot, and a rate that follows scores
mod plugins; // what plugins say about themselves
mod rates; // what does not fit the run is noted
mod recipes; // init, render, formats
mod resume_data; // resume on data that changed, or beside another process
mod run; // train and resume: what a run leaves, says and repeats
mod sample;
mod sequences;
mod series; // texts and series by the automatic recipe
mod set; // --set
mod several; // several targets
mod signals; // signals end a run after a checkpoint
mod stdin; // - as data
mod streaming; // predict, chunk by chunk
mod sweep; // the best of several values; the range test
mod told; // mistakes in data, scores without a value, advice
mod transfer; // --start, and starts in recipes
mod use_model; // eval, predict, inspect
mod weights; // --weights
