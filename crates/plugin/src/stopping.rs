//! `Stopping`: when to end.

use crate::{EpochRecord, Reason, SettingError};
use std::fmt;

/// A rule that ends training: a pure function of the epochs so far, so that it resumes.
#[typetag::serde(tag = "type")]
pub trait Stopping: fmt::Debug + Send + Sync {
    /// Whether every setting is in its range: asked when a recipe or a model is read, and before
    /// training.
    ///
    /// # Errors
    /// The first setting that is not.
    fn check(&self) -> Result<(), SettingError> {
        Ok(())
    }

    /// Why to stop after the last of these epochs, if so.
    fn verdict(&self, history: &[EpochRecord]) -> Option<Reason>;
}
