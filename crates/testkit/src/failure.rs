//! Failures: how one becomes a panic, and how a panic becomes one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use tanren_plugin::Checked;

pub(crate) use tanren_plugin::gradient::{Failure, ensure};

/// Turns a failure into a panic at the caller's line.
#[track_caller]
pub(crate) fn assert(outcome: Result<(), Failure>) {
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

/// Refuses a plugin with a setting out of its range: nothing else can be said of it then.
pub(crate) fn in_range<P: ?Sized + Checked>(plugin: &P) -> Result<(), Failure> {
    plugin.check().map_err(|error| Failure::new("settings", error))
}

/// What `work` gives, or its panic as a break of the rule `panic`.
pub(crate) fn caught<R>(work: impl FnOnce() -> R) -> Result<R, Failure> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
        Failure::new("panic", text.unwrap_or_default())
    })
}
