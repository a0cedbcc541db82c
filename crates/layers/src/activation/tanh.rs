//! `tanh`: f(x) = tanh x;  f′ = 1 − y².
//!
//! y = f(x).

use serde::{Deserialize, Serialize};
use tanren_plugin::{Activation, ActivationKernels, Checked, Facts, ScalarFunction};
use tanren_tensor::{Real, combine, tanh};

/// f(x) = tanh x.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Tanh {}

#[typetag::serde(name = "tanh")]
impl Activation for Tanh {
    fn facts(&self) -> Facts {
        let saturation = Some((-0.97, 0.97)); // f′ < 0.06
        Facts { range: (-1.0, 1.0), saturation, ..Facts::smooth() }
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for Tanh {
    fn apply<T: Real>(&self, x: &mut [T]) {
        tanh(x);
    }
    fn differentiate<T: Real>(&self, _: &[T], y: &[T], dy: &mut [T]) {
        combine(dy, y, |dy, y| dy * (T::ONE - y * y));
    }
}
