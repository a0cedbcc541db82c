//! `identity`: f(x) = x.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Activation, ActivationKernels, Checked, Facts, ScalarFunction};
use tanren_tensor::Real;

/// f(x) = x.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Identity {}

#[typetag::serde(name = "identity")]
impl Activation for Identity {
    fn facts(&self) -> Facts {
        Facts::smooth()
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for Identity {
    fn apply<T: Real>(&self, _: &mut [T]) {}
    fn differentiate<T: Real>(&self, _: &[T], _: &[T], _: &mut [T]) {}
}
