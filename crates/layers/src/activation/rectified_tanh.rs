//! `rectified-tanh`: f(x) = max(tanh x, 0);  f′ = 1 − y² where y > 0, otherwise 0.
//!
//! y = f(x).

use serde::{Deserialize, Serialize};
use tanren_plugin::{Activation, ActivationKernels, Checked, Facts, ScalarFunction};
use tanren_tensor::{Real, combine, map, tanh_scalar};

/// The positive half of a tanh.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct RectifiedTanh {}

#[typetag::serde(name = "rectified-tanh")]
impl Activation for RectifiedTanh {
    fn facts(&self) -> Facts {
        Facts { range: (0.0, 1.0), saturation: Some((0.0, 0.97)), ..Facts::default() }
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for RectifiedTanh {
    fn apply<T: Real>(&self, x: &mut [T]) {
        map(x, |x| if x <= T::ZERO { T::ZERO } else { tanh_scalar(x) });
    }
    fn differentiate<T: Real>(&self, _: &[T], y: &[T], dy: &mut [T]) {
        combine(dy, y, |dy, y| dy * if y > T::ZERO { T::ONE - y * y } else { T::ZERO });
    }
}
