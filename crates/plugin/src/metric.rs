//! `Metric`: how good predictions are, in words people use.

use crate::SettingError;
use std::fmt;
use tanren_tensor::{Input, Signal};

/// Which way a metric improves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Accuracy, R².
    Higher,
    /// Error, loss.
    Lower,
}

/// A score of predictions against targets.
#[typetag::serde(tag = "type")]
pub trait Metric: fmt::Debug + Send + Sync {
    /// Whether every setting is in its range: asked when a recipe or a model is read, and before
    /// training.
    ///
    /// # Errors
    /// The first setting that is not.
    fn check(&self) -> Result<(), SettingError> {
        Ok(())
    }

    /// Its name in tables and files.
    fn name(&self) -> &'static str;

    /// Which way it improves.
    fn better(&self) -> Better;

    /// The score of all predictions together; `weights` has one number per column.
    /// NaN when it is not defined for them.
    fn score(&self, predictions: Signal<'_, f64>, targets: Input<'_, f64>, weights: &[f64]) -> f64;
}
