//! `leaky-relu`: f(x) = x for x > 0, otherwise αx;  f′ = 1 for x > 0, otherwise α.
//!
//! α slope. At the kink the derivative is taken as α. For α > 0, y has the sign of x, so x need
//! not be kept. Source: Maas, Hannun, Ng (2013), *Rectifier nonlinearities improve neural network
//! acoustic models*.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Activation, ActivationKernels, Checked, Facts, ScalarFunction};
use tanren_tensor::{Real, combine, map};

/// A rectifier that lets a share of negative numbers through.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct LeakyRelu {
    /// α, the derivative below 0; finite.
    pub slope: f64,
}

impl Default for LeakyRelu {
    fn default() -> Self {
        Self { slope: 0.01 }
    }
}

#[typetag::serde(name = "leaky-relu")]
impl Activation for LeakyRelu {
    fn facts(&self) -> Facts {
        let low = if self.slope > 0.0 { f64::NEG_INFINITY } else { 0.0 };
        Facts {
            smooth: self.slope == 1.0,
            range: (low, f64::INFINITY),
            saturation: (self.slope == 0.0).then_some((0.0, f64::INFINITY)),
            ..Facts::default()
        }
    }
    fn needs_input(&self) -> bool {
        self.slope <= 0.0
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for LeakyRelu {
    fn apply<T: Real>(&self, x: &mut [T]) {
        let slope = T::of(self.slope);
        map(x, |x| if x > T::ZERO { x } else { slope * x });
    }
    fn differentiate<T: Real>(&self, x: &[T], y: &[T], dy: &mut [T]) {
        let slope = T::of(self.slope);
        let sign = if x.is_empty() { y } else { x };
        combine(dy, sign, |dy, sign| dy * if sign > T::ZERO { T::ONE } else { slope });
    }
}
