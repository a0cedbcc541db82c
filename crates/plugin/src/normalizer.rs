//! `Normalizer`: fitted on the training part only, applied everywhere alike.

use crate::{DataError, Field, Plugin};
use std::fmt;
use tanren_tensor::{Shape, ShapeError};

/// A way to normalise a field, as a recipe names it.
#[typetag::serde(tag = "type")]
pub trait Normalizer: fmt::Debug + Send + Sync {
    /// Learns from the training rows what it needs.
    ///
    /// # Errors
    /// When the field cannot be normalised so.
    fn fit(&self, field: &Field, rows: &[usize]) -> Result<Plugin<dyn Fitted>, DataError>;
}

/// A normaliser with all its numbers. It is saved inside the model.
#[typetag::serde(tag = "type")]
pub trait Fitted: fmt::Debug + Send + Sync {
    /// The shape of a normalised field.
    ///
    /// # Errors
    /// When the field is not the one this was fitted to.
    fn output(&self, input: Shape) -> Result<Shape, ShapeError>;

    /// Appends the normalised column to `output`. An index is one number.
    fn apply(&self, input: &[f64], output: &mut Vec<f64>);

    /// Appends the column in its own units to `input`; `false` when there is no way back.
    fn invert(&self, output: &[f64], input: &mut Vec<f64>) -> bool;
}
