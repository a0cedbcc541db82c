//! `hard-tanh`, `relu6`: f(x) = min(max(x, a), b);  f′ = 1 where a < y < b, otherwise 0.
//!
//! y = f(x), a and b the bounds: −1 and 1, or for `relu6` 0 and 6. Sources: Collobert (2004), *Large
//! scale machine learning*; Krizhevsky (2010), *Convolutional deep belief networks on CIFAR-10*.

use super::clip::clip;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Activation, ActivationKernels, Checked, Facts, ScalarFunction, SettingError};
use tanren_tensor::{Real, combine, map};

/// A tanh of three lines.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
#[setting(also = Self::ordered)]
pub struct HardTanh {
    /// a, finite.
    pub low: f64,
    /// b, above a.
    pub high: f64,
}

impl Default for HardTanh {
    fn default() -> Self {
        Self { low: -1.0, high: 1.0 }
    }
}

impl HardTanh {
    /// Whether the bounds are in order.
    fn ordered(&self) -> Result<(), SettingError> {
        let right = self.high > self.low;
        SettingError::unless(right, "high", "a finite number above `low`", self.high)
    }
}

#[typetag::serde(name = "hard-tanh")]
impl Activation for HardTanh {
    fn facts(&self) -> Facts {
        facts(self.low, self.high)
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for HardTanh {
    fn apply<T: Real>(&self, x: &mut [T]) {
        apply(self.low, self.high, x);
    }
    fn differentiate<T: Real>(&self, _: &[T], y: &[T], dy: &mut [T]) {
        differentiate(self.low, self.high, y, dy);
    }
}

/// A rectifier that goes no higher than 6.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Relu6 {}

#[typetag::serde(name = "relu6")]
impl Activation for Relu6 {
    fn facts(&self) -> Facts {
        facts(0.0, 6.0)
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for Relu6 {
    fn apply<T: Real>(&self, x: &mut [T]) {
        apply(0.0, 6.0, x);
    }
    fn differentiate<T: Real>(&self, _: &[T], y: &[T], dy: &mut [T]) {
        differentiate(0.0, 6.0, y, dy);
    }
}

fn facts(low: f64, high: f64) -> Facts {
    // As the bounds are in single precision, too.
    let wider = |x: f64| x.abs() * 1e-6;
    let range = (low - wider(low), high + wider(high));
    Facts { range, saturation: Some((low - wider(low), high + wider(high))), ..Facts::default() }
}

fn apply<T: Real>(low: f64, high: f64, x: &mut [T]) {
    let (low, high) = (T::of(low), T::of(high));
    map(x, |x| clip(x, low, high));
}

fn differentiate<T: Real>(low: f64, high: f64, y: &[T], dy: &mut [T]) {
    let (low, high) = (T::of(low), T::of(high));
    combine(dy, y, |dy, y| dy * if y > low && y < high { T::ONE } else { T::ZERO });
}
