//! Accuracy: the share of columns whose class was predicted.

use super::{Confusion, classes};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// `Σ w [prediction = target] / Σ w`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Accuracy {}

impl Accuracy {
    /// The name of the score.
    pub(crate) const NAME: &str = "accuracy";
}

#[typetag::serde(name = "accuracy")]
impl Metric for Accuracy {
    fn name(&self) -> Cow<'_, str> {
        Self::NAME.into()
    }

    fn better(&self) -> Better {
        Better::Higher
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        classes(target)
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        let Some(confusion) = Confusion::of(comparison) else { return f64::NAN };
        let hits = confusion.pairs().filter(|(truth, predicted, _)| truth == predicted);
        // The sum of nothing would be −0.
        hits.fold(0.0, |sum, (.., weight)| sum + weight) / confusion.total()
    }
}
