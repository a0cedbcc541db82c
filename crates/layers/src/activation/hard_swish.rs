//! `hard-swish`: f(x) = x min(max(x + 3, 0), 6) / 6;  f′ = 0 below −3, 1 above 3, else (2x + 3) / 6.
//!
//! Source: Howard et al. (2019), *Searching for MobileNetV3*, section 5.2.

use super::clip::clip;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Activation, ActivationKernels, Checked, Facts, ScalarFunction};
use tanren_tensor::{Real, combine, map};

/// x times a sigmoid of three lines.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct HardSwish {}

#[typetag::serde(name = "hard-swish")]
impl Activation for HardSwish {
    fn facts(&self) -> Facts {
        // The least value is −3/8, at −3/2.
        Facts { range: (-0.375_001, f64::INFINITY), ..Facts::default() }
    }
    fn needs_input(&self) -> bool {
        true
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for HardSwish {
    fn apply<T: Real>(&self, x: &mut [T]) {
        let (three, six) = (T::of(3.0), T::of(6.0));
        map(x, |x| x * clip(x + three, T::ZERO, six) / six);
    }
    fn differentiate<T: Real>(&self, x: &[T], _: &[T], dy: &mut [T]) {
        let (three, six) = (T::of(3.0), T::of(6.0));
        combine(dy, x, |dy, x| {
            let middle = (x + x + three) / six;
            let right = if x < three { middle } else { T::ONE };
            dy * if x > -three { right } else { T::ZERO }
        });
    }
}
