//! `Schedule`: a number that depends on the clock.

use crate::{Clock, SettingError};
use std::fmt;

/// A pure function of the clock, such as a learning rate over time.
///
/// Ours are keyed on epochs or samples, so that the number of workers does not change them.
#[typetag::serde(tag = "type")]
pub trait Schedule: fmt::Debug + Send + Sync {
    /// Whether every setting is in its range: asked when a recipe or a model is read, and before
    /// training.
    ///
    /// # Errors
    /// The first setting that is not.
    fn check(&self) -> Result<(), SettingError> {
        Ok(())
    }

    /// The value at `clock`.
    fn at(&self, clock: Clock) -> f64;
}
