//! `hard-sigmoid`: f(x) = min(max(a x + ½, 0), 1);  f′ = a where 0 < y < 1, otherwise 0.
//!
//! y = f(x), a slope: 1/6 as in most libraries (Howard et al. 2019, *Searching for MobileNetV3*), 1/5
//! in older ones. Source: Courbariaux, Bengio, David (2015), *BinaryConnect*.

use super::clip::clip;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Activation, ActivationKernels, Checked, Facts, ScalarFunction};
use tanren_tensor::{Real, combine, map};

/// A sigmoid of three lines.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct HardSigmoid {
    /// a, the derivative between the ends, above 0.
    #[setting(above = 0)]
    pub slope: f64,
}

impl Default for HardSigmoid {
    fn default() -> Self {
        Self { slope: 1.0 / 6.0 }
    }
}

#[typetag::serde(name = "hard-sigmoid")]
impl Activation for HardSigmoid {
    fn facts(&self) -> Facts {
        Facts { range: (0.0, 1.0), saturation: Some((0.0, 1.0)), ..Facts::default() }
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for HardSigmoid {
    fn apply<T: Real>(&self, x: &mut [T]) {
        let (slope, half) = (T::of(self.slope), T::of(0.5));
        map(x, |x| clip(slope * x + half, T::ZERO, T::ONE));
    }
    fn differentiate<T: Real>(&self, _: &[T], y: &[T], dy: &mut [T]) {
        let slope = T::of(self.slope);
        combine(dy, y, |dy, y| dy * if y > T::ZERO && y < T::ONE { slope } else { T::ZERO });
    }
}
