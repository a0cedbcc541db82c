//! Cohen's kappa: agreement beyond chance.
//!
//! (a − e) / (1 − e), where a is the accuracy and e that of predictions with the same frequencies which
//! know nothing. Source: Cohen (1960), *A coefficient of agreement for nominal scales*.

use super::classes;
use super::counts::Counts;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// The agreement of true and predicted classes beyond what chance would give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Kappa {}

#[typetag::serde(name = "kappa")]
impl Metric for Kappa {
    fn name(&self) -> Cow<'_, str> {
        "kappa".into()
    }

    fn better(&self) -> Better {
        Better::Higher
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        classes(target)
    }

    fn needs(&self) -> Option<&'static str> {
        Some("rows or predictions of two classes")
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        let counts = Counts::of(comparison).unwrap_or_default();
        let sum = |of: fn(&Counts) -> f64| counts.iter().map(of).sum::<f64>();
        let all = sum(Counts::truth);
        let agreement = sum(|c| c.hits) / all;
        let chance = sum(|c| c.truth() * c.predicted()) / (all * all);
        if chance < 1.0 { (agreement - chance) / (1.0 - chance) } else { f64::NAN }
    }
}
