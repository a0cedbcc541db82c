//! `Stopping`: when to end.

use crate::{EpochRecord, Reason};
use std::fmt;

/// A rule that ends training: a pure function of the epochs so far, so that it resumes.
#[typetag::serde(tag = "type")]
pub trait Stopping: fmt::Debug + Send + Sync {
    /// Why to stop after the last of these epochs, if so.
    fn verdict(&self, history: &[EpochRecord]) -> Option<Reason>;
}
