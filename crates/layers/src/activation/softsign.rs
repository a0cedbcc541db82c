//! `softsign`: f(x) = x / (1 + |x|);  f′ = 1 / (1 + |x|)².
//!
//! Source: Bergstra et al. (2009), *Quadratic polynomials learn better image features*.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Activation, ActivationKernels, Checked, Facts, ScalarFunction};
use tanren_tensor::{Real, combine, map};

/// f(x) = x / (1 + |x|).
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Softsign {}

#[typetag::serde(name = "softsign")]
impl Activation for Softsign {
    fn facts(&self) -> Facts {
        let saturation = Some((-0.8, 0.8)); // f′ < 0.05
        Facts { range: (-1.0, 1.0), saturation, ..Facts::smooth() }
    }
    fn needs_input(&self) -> bool {
        true // far out, 1 − |y| has no digits left
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for Softsign {
    fn apply<T: Real>(&self, x: &mut [T]) {
        map(x, |x| x / (T::ONE + x.abs()));
    }
    fn differentiate<T: Real>(&self, x: &[T], _: &[T], dy: &mut [T]) {
        combine(dy, x, |dy, x| {
            let rest = T::ONE / (T::ONE + x.abs());
            dy * (rest * rest)
        });
    }
}
