//! F1, averaged over classes.
//!
//! F1 = 2·precision·recall / (precision + recall) = 2·hits / (true + predicted). Source: van
//! Rijsbergen (1979), *Information retrieval*, chapter 7. The mean over classes is that of
//! scikit-learn's `f1_score(average = "macro")`.

use super::{Over, classes};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// The mean of F1 over the classes that occur among the targets or the predictions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct F1Macro {}

#[typetag::serde(name = "f1_macro")]
impl Metric for F1Macro {
    fn name(&self) -> Cow<'_, str> {
        "f1_macro".into()
    }

    fn better(&self) -> Better {
        Better::Higher
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        classes(target)
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        Over::Macro.score(comparison, |counts| counts.f_beta(1.0))
    }
}
