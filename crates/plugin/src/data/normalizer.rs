//! `Normalizer`: fitted on the training part only, applied everywhere alike.

use crate::{
    Aim, Checked, DataError, FeatureNames, Field, FieldSpec, Kind, Plugin, Range, SettingType,
};
use tanren_tensor::ShapeError;

/// A way to normalise a field, as a recipe names it.
#[typetag::serde(tag = "type")]
pub trait Normalizer: Checked {
    /// Learns from the training rows what it needs. What is missing there, NaN, teaches it nothing.
    ///
    /// # Errors
    /// When the field cannot be normalised so.
    fn fit(&self, field: &Field, rows: &[usize]) -> Result<Plugin<dyn Fitted>, DataError>;
}

impl Aim for dyn Normalizer {
    type Choice = FeatureNames;

    fn choice() -> Kind {
        let name = Kind::Text;
        Kind::Either(vec![name.clone(), Kind::List(Box::new(name))])
    }
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

    /// Appends the normalised column to `output`. An index is one number. What is missing, NaN, stays so,
    /// unless filling it is the normaliser's purpose.
    fn apply(&self, field: &FieldSpec, input: &[f64], output: &mut Vec<f64>);

    /// Appends the column in its own units to `input`; `false` when there is no way back.
    fn invert(&self, field: &FieldSpec, output: &[f64], input: &mut Vec<f64>) -> bool;

    /// Whether there is a way back. Predictions of a target come in its own units, so only normalisers
    /// with a way back are taken for targets.
    fn invertible(&self) -> bool {
        true
    }
}

/// A fitted normaliser is aimed at places of features, in ascending order; at all of them, where there
/// are none.
impl Aim for dyn Fitted {
    type Choice = Vec<usize>;

    fn choice() -> Kind {
        Vec::<usize>::kind(Range::ANY)
    }
}
