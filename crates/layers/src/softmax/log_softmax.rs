//! `log-softmax`: y = x − m − ln Σ e^(x − m), column by column.
//!
//! x a column of the input, m = max x; ∂x = ∂y − eʸ Σ∂y. The logarithms of a softmax, without the loss of
//! small probabilities.

use super::columns::put;
use crate::accept;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels};
use tanren_tensor::{Real, Shape, ShapeError, combine, exp_scalar, log_sum_exp, sum};

/// Turns each column into the logarithms of a distribution.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct LogSoftmax {}

#[typetag::serde(name = "log-softmax")]
impl Layer for LogSoftmax {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        accept::numbers(accept::single(inputs)?)
    }

    fn facts(&self) -> Facts {
        // Rounding may end a little above 0.
        Facts { range: (f64::NEG_INFINITY, 1e-6), ..Facts::smooth() }
    }

    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for LogSoftmax {
    fn forward(&self, mut pass: Forward<'_, T>) {
        for (x, y) in pass.inputs[0].dense().iter().zip(pass.output.iter_mut()) {
            let shift = T::of(log_sum_exp(x));
            combine(y, x, |_, x| x - shift);
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let Some((write, mut dx)) = pass.downstream.get(0) else { return };
        let columns = pass.output.iter().zip(pass.upstream.read().iter()).zip(dx.iter_mut());
        for ((y, dy), dx) in columns {
            let mass = T::of(sum(dy));
            let terms = y.iter().zip(dy).map(|(&y, &dy)| dy - exp_scalar(y) * mass);
            put(write, terms, dx);
        }
    }
}
