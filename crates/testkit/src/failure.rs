//! Failures, and how one becomes a panic.

pub(crate) use tanren_plugin::gradient::{Failure, ensure};

/// Turns a failure into a panic at the caller's line.
#[track_caller]
pub(crate) fn assert(outcome: Result<(), Failure>) {
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}
