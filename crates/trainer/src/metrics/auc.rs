//! AUC: the area under the ROC curve.
//!
//! The probability that a row of the class has a higher score than one of the others, ties counted
//! half: Σ over levels of score: other · (truth above + ½ truth) / (Σ truth · Σ other). Source: Hanley,
//! McNeil (1982), *The meaning and use of the area under a receiver operating characteristic curve*.
//! With several classes, the mean of one against the rest.

use super::answers;
use super::ranked::over_questions;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// The area under the ROC curve: how probably a row of a class has a higher score than another row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Auc {
    /// The class that is told from the others. Without it, the second one of two, and the mean over all
    /// of several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
}

#[typetag::serde(name = "auc")]
impl Metric for Auc {
    fn name(&self) -> Cow<'_, str> {
        self.class.as_ref().map_or("auc".into(), |class| format!("auc_{class}").into())
    }

    fn better(&self) -> Better {
        Better::Higher
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        answers(target)
    }

    fn class(&self) -> Option<&str> {
        self.class.as_deref()
    }

    fn needs(&self) -> Option<&'static str> {
        Some("rows of the class and of others, and predictions that rank them")
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        over_questions(comparison, self.class.as_deref(), |levels| {
            let (mut above, mut area, mut others) = (0.0, 0.0, 0.0);
            for level in levels {
                area += level.other * (above + 0.5 * level.truth);
                above += level.truth;
                others += level.other;
            }
            area / (above * others)
        })
    }
}
