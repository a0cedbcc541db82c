//! Top-k accuracy: the share of columns whose class is among the k most probable ones.

use super::classes;
use super::mean::mean;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Input, Shape, ShapeError};

/// The share of rows whose class is among the k most probable ones; of equally probable ones, the
/// last come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct TopK {
    /// How many classes may be named.
    #[setting(from = 1)]
    pub k: usize,
}

impl Default for TopK {
    fn default() -> Self {
        Self { k: 5 }
    }
}

#[typetag::serde(name = "top_k")]
impl Metric for TopK {
    fn name(&self) -> Cow<'_, str> {
        format!("top_{}", self.k).into()
    }

    fn better(&self) -> Better {
        Better::Higher
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        classes(target)
    }

    fn needs(&self) -> Option<&'static str> {
        Some("a probability for each class")
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        let Input::Indices(targets) = comparison.targets else { return f64::NAN };
        if comparison.predictions.features() != targets.levels {
            return f64::NAN;
        }
        let columns = comparison.predictions.iter().zip(targets.data).zip(comparison.weights);
        mean(columns.map(|((p, &class), &weight)| {
            let class = class as usize;
            let ahead =
                p.iter().enumerate().filter(|&(k, &q)| q > p[class] || q == p[class] && k > class);
            (f64::from(u8::from(ahead.count() < self.k)), weight)
        }))
    }
}
