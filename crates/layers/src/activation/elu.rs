//! `elu`, `selu`: f(x) = λ x for x > 0, otherwise λ α (eˣ − 1);  f′ = λ for x > 0, otherwise y + λ α.
//!
//! y = f(x), λ scale, α where it saturates. `elu` has λ = 1. `selu` has the λ and α with which, under
//! `lecun-normal` weights, activations of mean 0 and variance 1 keep them from layer to layer. y has
//! the sign of x, so x need not be kept. Sources: Clevert, Unterthiner, Hochreiter (2016), *Fast and
//! accurate deep network learning by exponential linear units*; Klambauer et al. (2017),
//! *Self-normalizing neural networks*.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Activation, ActivationKernels, Checked, Facts, ScalarFunction};
use tanren_tensor::{Real, combine, exp_m1_scalar, map};

/// A line for positive numbers, an exponential that saturates for negative ones.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Elu {
    /// α: far below 0 the value is −α; above 0.
    #[setting(above = 0)]
    pub alpha: f64,
}

impl Default for Elu {
    fn default() -> Self {
        Self { alpha: 1.0 }
    }
}

#[typetag::serde(name = "elu")]
impl Activation for Elu {
    fn facts(&self) -> Facts {
        facts(1.0, self.alpha)
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for Elu {
    fn apply<T: Real>(&self, x: &mut [T]) {
        apply(1.0, self.alpha, x);
    }
    fn differentiate<T: Real>(&self, _: &[T], y: &[T], dy: &mut [T]) {
        differentiate(1.0, self.alpha, y, dy);
    }
}

/// The exponential linear unit that normalises itself.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Selu {}

impl Selu {
    /// α, to the digits of the paper's appendix.
    pub const ALPHA: f64 = 1.673_263_242_354_377_2;
    /// λ.
    pub const SCALE: f64 = 1.050_700_987_355_480_5;
}

#[typetag::serde(name = "selu")]
impl Activation for Selu {
    fn facts(&self) -> Facts {
        facts(Self::SCALE, Self::ALPHA)
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for Selu {
    fn apply<T: Real>(&self, x: &mut [T]) {
        apply(Self::SCALE, Self::ALPHA, x);
    }
    fn differentiate<T: Real>(&self, _: &[T], y: &[T], dy: &mut [T]) {
        differentiate(Self::SCALE, Self::ALPHA, y, dy);
    }
}

fn facts(scale: f64, alpha: f64) -> Facts {
    let low = -scale * alpha;
    let smooth = alpha == 1.0; // else the slopes on both sides of 0 differ
    // f′ < 0.03
    let saturation = Some((low + 0.03_f64.min(-0.9 * low), f64::INFINITY));
    // Rounding may end a little below the limit.
    Facts { smooth, range: (low * (1.0 + 1e-6), f64::INFINITY), saturation, ..Facts::default() }
}

fn apply<T: Real>(scale: f64, alpha: f64, x: &mut [T]) {
    let (scale, below) = (T::of(scale), T::of(scale * alpha));
    map(x, |x| if x > T::ZERO { scale * x } else { below * exp_m1_scalar(x) });
}

fn differentiate<T: Real>(scale: f64, alpha: f64, y: &[T], dy: &mut [T]) {
    let (scale, below) = (T::of(scale), T::of(scale * alpha));
    combine(dy, y, |dy, y| dy * if y > T::ZERO { scale } else { y + below });
}
