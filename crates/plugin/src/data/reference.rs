//! `Reference`: what a simple rule predicts, for a model to be compared with.

/// What a simple rule that learns nothing predicts for every row of a target: for a forecast, that all
/// stays as it is. A model that does not come closer has learnt nothing of use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reference {
    /// The name of the rule.
    pub name: String,
    /// The number of the target.
    pub target: usize,
    /// Its prediction for each row, in the target's own units, row after row.
    pub values: Vec<f64>,
}
