//! `relu`: f(x) = max(x, 0);  f′ = 1 where y > 0, otherwise 0.
//!
//! y = f(x). At the kink the derivative is taken as 0. NaN stays NaN. Source: Glorot, Bordes,
//! Bengio (2011), *Deep sparse rectifier neural networks*.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Activation, ActivationKernels, Checked, Facts, ScalarFunction};
use tanren_tensor::{Real, combine, map};

/// f(x) = max(x, 0).
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Relu {}

#[typetag::serde(name = "relu")]
impl Activation for Relu {
    fn facts(&self) -> Facts {
        let range = (0.0, f64::INFINITY);
        Facts { range, saturation: Some(range), ..Facts::default() }
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for Relu {
    fn apply<T: Real>(&self, x: &mut [T]) {
        map(x, |x| if x <= T::ZERO { T::ZERO } else { x });
    }
    fn differentiate<T: Real>(&self, _: &[T], y: &[T], dy: &mut [T]) {
        combine(dy, y, |dy, y| dy * if y > T::ZERO { T::ONE } else { T::ZERO });
    }
}
