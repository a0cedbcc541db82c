//! `softplus`: f(x) = ln(1 + eˣ);  f′ = 1 − e⁻ʸ.
//!
//! y = f(x); f′ is σ(x). Source: Dugas et al. (2001), *Incorporating second-order functional knowledge
//! for better option pricing*.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Activation, ActivationKernels, Checked, Facts, ScalarFunction};
use tanren_tensor::{Real, combine, exp_m1_scalar, softplus};

/// f(x) = ln(1 + eˣ).
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Softplus {}

#[typetag::serde(name = "softplus")]
impl Activation for Softplus {
    fn facts(&self) -> Facts {
        let saturation = Some((0.03, f64::INFINITY)); // f′ < 0.03
        Facts { range: (0.0, f64::INFINITY), saturation, ..Facts::smooth() }
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for Softplus {
    fn apply<T: Real>(&self, x: &mut [T]) {
        softplus(x);
    }
    fn differentiate<T: Real>(&self, _: &[T], y: &[T], dy: &mut [T]) {
        combine(dy, y, |dy, y| dy * -exp_m1_scalar(-y));
    }
}
