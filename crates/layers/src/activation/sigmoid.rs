//! `sigmoid`: f(x) = 1 / (1 + e⁻ˣ);  f′ = y (1 − y).
//!
//! y = f(x), the probability whose logit is x.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Activation, ActivationKernels, Checked, Facts, Link, ScalarFunction};
use tanren_tensor::{Real, combine, sigmoid};

/// f(x) = 1 / (1 + e⁻ˣ).
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Sigmoid {}

#[typetag::serde(name = "sigmoid")]
impl Activation for Sigmoid {
    fn facts(&self) -> Facts {
        let (saturation, link) = (Some((0.03, 0.97)), Some(Link::Sigmoid)); // f′ < 0.03
        Facts { range: (0.0, 1.0), saturation, link, ..Facts::smooth() }
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for Sigmoid {
    fn apply<T: Real>(&self, x: &mut [T]) {
        sigmoid(x);
    }
    fn differentiate<T: Real>(&self, _: &[T], y: &[T], dy: &mut [T]) {
        combine(dy, y, |dy, y| dy * (y * (T::ONE - y)));
    }
}
