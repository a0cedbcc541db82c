//! The largest error.

use super::numbers;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_plugin::{Better, Checked, Comparison, Metric};
use tanren_tensor::{Shape, ShapeError};

/// The largest |prediction − target|, whatever the rows weigh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct MaxError {}

#[typetag::serde(name = "max_error")]
impl Metric for MaxError {
    fn name(&self) -> Cow<'_, str> {
        "max_error".into()
    }

    fn better(&self) -> Better {
        Better::Lower
    }

    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        numbers(target)
    }

    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        let columns = comparison.numbers().into_iter().flatten();
        let errors = columns.flat_map(|(t, p, _)| t.iter().zip(p).map(|(t, p)| (p - t).abs()));
        // A NaN must not be passed over.
        errors.reduce(|a, b| if a.is_nan() || a > b { a } else { b }).unwrap_or(f64::NAN)
    }
}
