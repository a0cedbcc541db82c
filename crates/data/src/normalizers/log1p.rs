//! `log1p`: the logarithm of 1 + x for every feature.
//!
//! y = ln (1 + x), which makes amounts that span powers of ten comparable. Source: Bartlett (1947), *The use
//! of transformations*. Nothing is fitted. Training columns of −1 or less are refused; any other becomes −∞,
//! which no network takes. Categories stay as they are, and so does what is missing.

use crate::profile::{expect_numbers, refuse_number};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, DataError, Field, FieldSpec, Fitted, Normalizer, Plugin, typetag};
use tanren_tensor::ShapeError;

/// Takes the logarithm of 1 + x, for numbers above −1.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Log1p {}

#[typetag::serde(name = "log1p")]
impl Normalizer for Log1p {
    fn fit(&self, field: &Field, rows: &[usize]) -> Result<Plugin<dyn Fitted>, DataError> {
        expect_numbers(field, rows)?;
        let wrong = |x: f64| x <= -1.0 || x == f64::INFINITY;
        refuse_number(field, rows, wrong, "a finite number above -1, for `log1p`")?;
        Ok(Log1pTransformed {}.into())
    }
}

/// What [`Log1p`] learnt: nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log1pTransformed {}

impl Checked for Log1pTransformed {}

#[typetag::serde(name = "log1p-transformed")]
impl Fitted for Log1pTransformed {
    fn output(&self, input: &FieldSpec) -> Result<FieldSpec, ShapeError> {
        match input.shape.indices {
            true => Err(ShapeError::new("numbers", input.shape)),
            false => Ok(input.clone()),
        }
    }

    fn apply(&self, field: &FieldSpec, input: &[f64], output: &mut Vec<f64>) {
        output.extend(input.iter().enumerate().map(|(f, &x)| match x {
            _ if field.is_category(f) => x,
            x if x <= -1.0 => f64::NEG_INFINITY,
            x => x.ln_1p(),
        }));
    }

    fn invert(&self, field: &FieldSpec, output: &[f64], input: &mut Vec<f64>) -> bool {
        let back = |(f, &y): (usize, &f64)| if field.is_category(f) { y } else { y.exp_m1() };
        input.extend(output.iter().enumerate().map(back));
        true
    }
}
