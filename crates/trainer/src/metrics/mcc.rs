//! Matthews correlation coefficient, of any number of classes.
//!
//! (c s − Σ t p) / √((s² − Σ p²) (s² − Σ t²)), where c counts what is right, s all, t the rows of each
//! class and p those that are predicted to be of it. Source: Gorodkin (2004), *Comparing two
//! K-category assignments by a K-category correlation coefficient*.

use super::classes;
use super::counts::Counts;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// The correlation of true and predicted classes: 1 where all are right, 0 as by chance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Mcc {}

#[typetag::serde(name = "mcc")]
impl Metric for Mcc {
    fn name(&self) -> Cow<'_, str> {
        "mcc".into()
    }

    fn better(&self) -> Better {
        Better::Higher
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        classes(target)
    }

    fn needs(&self) -> Option<&'static str> {
        Some("rows of two classes, and predictions of two")
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        let counts = Counts::of(comparison).unwrap_or_default();
        let sum = |of: fn(&Counts) -> f64| counts.iter().map(of).sum::<f64>();
        let (right, all) = (sum(|c| c.hits), sum(Counts::truth));
        let both = all * all;
        let (truth, predicted) = (sum(|c| c.truth().powi(2)), sum(|c| c.predicted().powi(2)));
        let spread = (both - predicted).max(0.0) * (both - truth).max(0.0);
        // What is left of it when there is one class is rounding.
        if spread <= 1e-24 * both * both {
            return f64::NAN;
        }
        (right * all - sum(|c| c.truth() * c.predicted())) / spread.sqrt()
    }
}
