//! Balanced accuracy: the mean over classes of the share that was found.
//!
//! Source: Brodersen et al. (2010), *The balanced accuracy and its posterior distribution*. Classes
//! without rows do not count.

use super::classes;
use super::counts::Counts;
use super::mean::mean;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// The mean over classes of the share of their rows that is predicted rightly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct BalancedAccuracy {}

#[typetag::serde(name = "balanced_accuracy")]
impl Metric for BalancedAccuracy {
    fn name(&self) -> Cow<'_, str> {
        "balanced_accuracy".into()
    }

    fn better(&self) -> Better {
        Better::Higher
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        classes(target)
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        let counts = Counts::of(comparison).unwrap_or_default();
        let occurs = counts.iter().filter(|c| c.truth() > 0.0);
        mean(occurs.map(|c| (c.hits / c.truth(), 1.0)))
    }
}
