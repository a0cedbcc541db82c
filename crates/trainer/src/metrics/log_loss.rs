//! Log loss: −Σ w ln p(class) / Σ w, whatever is minimised.

use super::classes;
use super::mean::mean;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Input, Shape, ShapeError};

/// The mean of −ln of the probability that was given to the true class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct LogLoss {}

#[typetag::serde(name = "log_loss")]
impl Metric for LogLoss {
    fn name(&self) -> Cow<'_, str> {
        "log_loss".into()
    }

    fn better(&self) -> Better {
        Better::Lower
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        classes(target)
    }

    fn needs(&self) -> Option<&'static str> {
        Some("predictions that are probabilities")
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        let Input::Indices(targets) = comparison.targets else { return f64::NAN };
        let columns = targets.data.iter().zip(comparison.weights).enumerate();
        mean(columns.map(|(n, (&class, &weight))| {
            let p = comparison.probability(n, class as usize).unwrap_or(f64::NAN);
            (-p.ln(), weight)
        }))
    }
}
