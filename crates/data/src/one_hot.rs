//! `one-hot`: an index as a column of zeros with a single 1.
//!
//! y_k = 1 for k = x and 0 elsewhere, k = 0 … levels − 1. The way back is arg max y, so it also
//! reads probabilities.

use serde::{Deserialize, Serialize};
use tanren_plugin::{DataError, Field, Fitted, Normalizer, Plugin, typetag};
use tanren_tensor::{Shape, ShapeError};

/// Writes an index out in full. Layers that take indices do better without.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneHot {}

#[typetag::serde(name = "one-hot")]
impl Normalizer for OneHot {
    fn fit(&self, field: &Field, rows: &[usize]) -> Result<Plugin<dyn Fitted>, DataError> {
        let levels = field.shape.features;
        if !field.shape.indices {
            let message = format!("expected an index, found {}", field.shape);
            return Err(DataError::new(&field.name, message));
        }
        let mut numbers = Vec::with_capacity(1);
        for &row in rows {
            for column in field.columns(row) {
                numbers.clear();
                field.read(column, &mut numbers);
                if let Some(x) = numbers.iter().find(|&&x| position(x, levels).is_none()) {
                    let message = format!("expected {}, found {x}", field.shape);
                    return Err(DataError::new(&field.name, message).row(row));
                }
            }
        }
        Ok(OneHotEncoded { levels }.into())
    }
}

/// The place of an index, unless it is not one of 0 … levels − 1.
fn position(x: f64, levels: usize) -> Option<usize> {
    let index = x as usize; // saturates
    (index < levels && index as f64 == x).then_some(index)
}

/// What [`OneHot`] learnt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneHotEncoded {
    /// Number of levels.
    pub levels: usize,
}

#[typetag::serde(name = "one-hot-encoded")]
impl Fitted for OneHotEncoded {
    fn output(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.indices || input.features != self.levels {
            let expected = format!("an index below {}", self.levels);
            return Err(ShapeError::new(expected, input));
        }
        Ok(input.with_features(self.levels))
    }

    /// An index that was not among the levels becomes zeros.
    fn apply(&self, input: &[f64], output: &mut Vec<f64>) {
        let start = output.len();
        output.resize(start + self.levels, 0.0);
        if let Some(k) = input.first().and_then(|&x| position(x, self.levels)) {
            output[start + k] = 1.0;
        }
    }

    /// The place of the largest number, the first of several; `false` when all are NaN.
    fn invert(&self, output: &[f64], input: &mut Vec<f64>) -> bool {
        let numbers = output.iter().enumerate().filter(|(_, y)| !y.is_nan());
        let largest = numbers.reduce(|best, next| if next.1 > best.1 { next } else { best });
        input.extend(largest.map(|(k, _)| k as f64));
        largest.is_some()
    }
}
