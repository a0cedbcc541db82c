//! `cube`: f(x) = x³;  f′ = 3x².
//!
//! Source: Chen, Manning (2014), *A fast and accurate dependency parser using neural networks*.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Activation, ActivationKernels, Checked, Facts, ScalarFunction};
use tanren_tensor::{Real, combine, map};

/// f(x) = x³.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Cube {}

#[typetag::serde(name = "cube")]
impl Activation for Cube {
    fn facts(&self) -> Facts {
        Facts::smooth()
    }
    fn needs_input(&self) -> bool {
        true
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for Cube {
    fn apply<T: Real>(&self, x: &mut [T]) {
        map(x, |x| x * x * x);
    }
    fn differentiate<T: Real>(&self, x: &[T], _: &[T], dy: &mut [T]) {
        combine(dy, x, |dy, x| dy * (T::of(3.0) * x * x));
    }
}
