//! `gelu`: f(x) = x Φ(x);  f′ = Φ(x) + x φ(x).
//!
//! Φ the normal distribution function, φ its density. The form `tanh` replaces Φ(x) by
//! ½ (1 + tanh u), u = √(2/π) (x + 0.044715 x³); its derivative is
//! ½ (1 + tanh u) + ½ x (1 − tanh² u) u′, u′ = √(2/π) (1 + 3 · 0.044715 x²). Source: Hendrycks, Gimpel
//! (2016), *Gaussian error linear units*.

use serde::{Deserialize, Serialize};
use std::f64::consts::{FRAC_2_PI, TAU};
use tanren_plugin::{Activation, ActivationKernels, Checked, Facts, ScalarFunction};
use tanren_tensor::{Real, combine, exp_scalar, map, normal_cdf_scalar, tanh_scalar};

/// How the normal distribution function is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum GeluForm {
    /// As it is.
    #[default]
    Exact,
    /// By a tanh, as some networks were trained: off by at most 5·10⁻⁴.
    Tanh,
}

/// f(x) = x Φ(x).
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Gelu {
    /// How Φ is computed.
    pub form: GeluForm,
}

#[typetag::serde(name = "gelu")]
impl Activation for Gelu {
    fn facts(&self) -> Facts {
        Facts { range: (-0.170_041, f64::INFINITY), ..Facts::smooth() }
    }
    fn needs_input(&self) -> bool {
        true
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for Gelu {
    fn apply<T: Real>(&self, x: &mut [T]) {
        match self.form {
            GeluForm::Exact => map(x, |x| x * normal_cdf_scalar(x)),
            GeluForm::Tanh => map(x, |x| x * T::of(0.5) * (T::ONE + tanh_scalar(inner(x).0))),
        }
    }

    fn differentiate<T: Real>(&self, x: &[T], _: &[T], dy: &mut [T]) {
        let half = T::of(0.5);
        match self.form {
            GeluForm::Exact => {
                let density = T::of(1.0 / TAU.sqrt());
                combine(dy, x, |dy, x| {
                    dy * (normal_cdf_scalar(x) + x * density * exp_scalar(-half * x * x))
                });
            }
            GeluForm::Tanh => combine(dy, x, |dy, x| {
                let (u, slope) = inner(x);
                let tanh = tanh_scalar(u);
                dy * half * (T::ONE + tanh + x * (T::ONE - tanh * tanh) * slope)
            }),
        }
    }
}

/// u and u′.
#[inline(always)]
fn inner<T: Real>(x: T) -> (T, T) {
    let (factor, cubic) = (T::of(FRAC_2_PI.sqrt()), T::of(0.044_715));
    let square = x * x;
    (factor * x * (T::ONE + cubic * square), factor * (T::ONE + T::of(3.0) * cubic * square))
}
