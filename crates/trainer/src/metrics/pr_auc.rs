//! PR-AUC: the area under the curve of precision over recall, as average precision.
//!
//! Σ over levels of score, from the highest: (truth of the level / Σ truth) · precision down to it.
//! There is no interpolation, which would be too kind. Source: Davis, Goadrich (2006), *The
//! relationship between precision-recall and ROC curves*. With several classes, the mean of one
//! against the rest.

use super::answers;
use super::ranked::over_questions;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// The area under the curve of precision over recall: the better measure where a class is rare.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct PrAuc {
    /// The class that is told from the others. Without it, the second one of two, and the mean over all
    /// of several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
}

#[typetag::serde(name = "pr_auc")]
impl Metric for PrAuc {
    fn name(&self) -> Cow<'_, str> {
        self.class.as_ref().map_or("pr_auc".into(), |class| format!("pr_auc_{class}").into())
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
        Some("rows of the class, and predictions that rank them")
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        over_questions(comparison, self.class.as_deref(), |levels| {
            let (mut truth, mut all, mut sum) = (0.0, 0.0, 0.0);
            for level in levels {
                truth += level.truth;
                all += level.truth + level.other;
                sum += level.truth * truth / all;
            }
            sum / truth
        })
    }
}
