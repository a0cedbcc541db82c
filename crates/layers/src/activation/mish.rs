//! `mish`: f(x) = x tanh s, s = ln(1 + eˣ);  f′ = tanh s + x (1 − tanh² s) σ(x).
//!
//! Source: Misra (2019), *Mish: a self regularized non-monotonic activation function*.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Activation, ActivationKernels, Checked, Facts, ScalarFunction};
use tanren_tensor::{Real, combine, map, sigmoid_scalar, softplus_scalar, tanh_scalar};

/// f(x) = x tanh(softplus x).
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Mish {}

#[typetag::serde(name = "mish")]
impl Activation for Mish {
    fn facts(&self) -> Facts {
        Facts { range: (-0.308_841, f64::INFINITY), ..Facts::smooth() }
    }
    fn needs_input(&self) -> bool {
        true
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for Mish {
    fn apply<T: Real>(&self, x: &mut [T]) {
        map(x, |x| x * tanh_scalar(softplus_scalar(x)));
    }
    fn differentiate<T: Real>(&self, x: &[T], _: &[T], dy: &mut [T]) {
        combine(dy, x, |dy, x| {
            let tanh = tanh_scalar(softplus_scalar(x));
            dy * (tanh + x * (T::ONE - tanh * tanh) * sigmoid_scalar(x))
        });
    }
}
