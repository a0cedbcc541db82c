//! F1, averaged over classes.
//!
//! F1 = 2·precision·recall / (precision + recall) = 2·hits / (true + predicted). Source: van
//! Rijsbergen (1979), *Information retrieval*, chapter 7. The mean over classes is that of
//! scikit-learn's `f1_score(average = "macro")`.

use super::{Confusion, classes};
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
        let Some(confusion) = Confusion::of(comparison) else { return f64::NAN };
        let mut of_class = vec![(0.0, 0.0, 0.0); confusion.classes()];
        for (truth, predicted, weight) in confusion.pairs() {
            of_class[truth].1 += weight;
            of_class[predicted].2 += weight;
            if truth == predicted {
                of_class[truth].0 = weight;
            }
        }
        let occurs = of_class.iter().filter(|(_, truth, predicted)| truth + predicted > 0.0);
        let f1: Vec<f64> =
            occurs.map(|(hits, truth, predicted)| 2.0 * hits / (truth + predicted)).collect();
        f1.iter().sum::<f64>() / f1.len() as f64
    }
}
