//! The mean loss of an output: `Σ w l / Σ w`, times the weight of the output.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric, Units};

/// What an output adds to the loss of the network. Of a network with one output, that is the loss.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct MeanLoss {}

impl MeanLoss {
    /// The name of the score.
    pub const NAME: &str = "loss";
}

#[typetag::serde(name = "loss")]
impl Metric for MeanLoss {
    fn name(&self) -> Cow<'_, str> {
        Self::NAME.into()
    }

    fn better(&self) -> Better {
        Better::Lower
    }

    fn units(&self) -> Units {
        Units::Network
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        comparison.loss
    }
}
