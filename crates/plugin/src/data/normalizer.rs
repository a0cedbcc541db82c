//! `Normalizer`: fitted on the training part only, applied everywhere alike.

use crate::{Checked, DataError, Field, FieldSpec, Plugin};
use tanren_tensor::ShapeError;

/// A way to normalise a field, as a recipe names it.
#[typetag::serde(tag = "type")]
pub trait Normalizer: Checked {
    /// Learns from the training rows what it needs.
    ///
    /// # Errors
    /// When the field cannot be normalised so.
    fn fit(&self, field: &Field, rows: &[usize]) -> Result<Plugin<dyn Fitted>, DataError>;
}

/// A normaliser with all its numbers. It is saved inside the model.
///
/// Every method gets the description of the field it was fitted on: its name, its features and their
/// levels need not be stored once more. It is the same in every call, whatever data are normalised.
#[typetag::serde(tag = "type")]
pub trait Fitted: Checked {
    /// What a normalised field looks like: `field` itself, unless shape or features change.
    ///
    /// # Errors
    /// When the field cannot be the one this was fitted to. A model file may say anything.
    fn output(&self, field: &FieldSpec) -> Result<FieldSpec, ShapeError>;

    /// Appends the normalised column to `output`. An index is one number.
    fn apply(&self, field: &FieldSpec, input: &[f64], output: &mut Vec<f64>);

    /// Appends the column in its own units to `input`; `false` when there is no way back.
    fn invert(&self, field: &FieldSpec, output: &[f64], input: &mut Vec<f64>) -> bool;
}
