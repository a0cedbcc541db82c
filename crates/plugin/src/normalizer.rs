//! `Normalizer`: fitted on the training part only, applied everywhere alike.

use crate::{DataError, Field, FieldSpec, Plugin, SettingError};
use std::fmt;
use tanren_tensor::ShapeError;

/// A way to normalise a field, as a recipe names it.
#[typetag::serde(tag = "type")]
pub trait Normalizer: fmt::Debug + Send + Sync {
    /// Whether every setting is in its range: asked when a recipe or a model is read, and before
    /// training.
    ///
    /// # Errors
    /// The first setting that is not.
    fn check(&self) -> Result<(), SettingError> {
        Ok(())
    }

    /// Learns from the training rows what it needs.
    ///
    /// # Errors
    /// When the field cannot be normalised so.
    fn fit(&self, field: &Field, rows: &[usize]) -> Result<Plugin<dyn Fitted>, DataError>;
}

/// A normaliser with all its numbers. It is saved inside the model.
#[typetag::serde(tag = "type")]
pub trait Fitted: fmt::Debug + Send + Sync {
    /// Whether every setting is in its range: asked when a recipe or a model is read, and before
    /// training.
    ///
    /// # Errors
    /// The first setting that is not.
    fn check(&self) -> Result<(), SettingError> {
        Ok(())
    }

    /// What a normalised field looks like: `input` itself, unless shape or features change.
    ///
    /// # Errors
    /// When the field is not the one this was fitted to.
    fn output(&self, input: &FieldSpec) -> Result<FieldSpec, ShapeError>;

    /// Appends the normalised column to `output`. An index is one number.
    fn apply(&self, input: &[f64], output: &mut Vec<f64>);

    /// Appends the column in its own units to `input`; `false` when there is no way back.
    fn invert(&self, output: &[f64], input: &mut Vec<f64>) -> bool;
}
