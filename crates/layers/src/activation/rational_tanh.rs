//! `rational-tanh`: f(x) = 1.7159 sgn(u) (1 − 1/q), u = 2x/3, q = 1 + |u| + u² + 1.41645 u⁴;
//! f′ = 1.7159 · ⅔ (1 + 2 |u| + 4 · 1.41645 |u|³) / q².
//!
//! LeCun's scaled tanh without an exponential. Source: LeCun et al. (1998), *Efficient backprop*, section
//! 4.4, for the scale; Anguita et al. (1993) for the approximation.

use super::clip::clip;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Activation, ActivationKernels, Checked, Facts, ScalarFunction};
use tanren_tensor::{Real, combine, map};

const HEIGHT: f64 = 1.7159;
const QUARTIC: f64 = 1.41645;

/// An approximation of 1.7159 tanh(2x/3).
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct RationalTanh {}

#[typetag::serde(name = "rational-tanh")]
impl Activation for RationalTanh {
    fn facts(&self) -> Facts {
        let end = HEIGHT * (1.0 + 1e-6);
        let saturation = Some((-0.97 * HEIGHT, 0.97 * HEIGHT)); // f′ < 0.12
        Facts { range: (-end, end), saturation, ..Facts::smooth() }
    }
    fn needs_input(&self) -> bool {
        true
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for RationalTanh {
    fn apply<T: Real>(&self, x: &mut [T]) {
        map(x, |x| {
            let (u, q) = parts(x);
            // 1 − 1/q without cancellation.
            let rest = u * (T::ONE + u + T::of(QUARTIC) * u * u * u);
            (T::of(HEIGHT) * rest / q).copysign(x)
        });
    }
    fn differentiate<T: Real>(&self, x: &[T], _: &[T], dy: &mut [T]) {
        let scale = T::of(HEIGHT * 2.0 / 3.0);
        combine(dy, x, |dy, x| {
            let (u, q) = parts(x);
            let slope = T::ONE + u + u + T::of(4.0 * QUARTIC) * u * u * u;
            dy * (scale * slope / q / q)
        });
    }
}

/// |u| and q.
#[inline(always)]
fn parts<T: Real>(x: T) -> (T, T) {
    // Beyond, 1/q has long vanished and q would overflow.
    let u = clip(x.abs() * T::of(2.0 / 3.0), T::ZERO, T::of(1e6));
    let square = u * u;
    (u, T::ONE + u + square + T::of(QUARTIC) * square * square)
}
