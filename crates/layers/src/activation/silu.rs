//! `silu`: f(x) = x σ(βx);  f′ = s + βx s (1 − s), s = σ(βx).
//!
//! β steepness: 1 for the sigmoid linear unit; near 0 it is a line, and a rectifier for large β. Also
//! called swish. Sources: Hendrycks, Gimpel (2016), *Gaussian error linear units*; Elfwing, Uchibe, Doya
//! (2018), *Sigmoid-weighted linear units for neural network function approximation in reinforcement
//! learning*; Ramachandran, Zoph, Le (2017), *Searching for activation functions*, for β.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Activation, ActivationKernels, Checked, Facts, ScalarFunction};
use tanren_tensor::{Real, combine, map, sigmoid_scalar};

/// f(x) = x σ(βx).
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Silu {
    /// β, above 0.
    #[setting(above = 0)]
    pub beta: f64,
}

impl Default for Silu {
    fn default() -> Self {
        Self { beta: 1.0 }
    }
}

#[typetag::serde(name = "silu")]
impl Activation for Silu {
    fn facts(&self) -> Facts {
        Facts { range: (-0.278_465 / self.beta, f64::INFINITY), ..Facts::smooth() }
    }
    fn needs_input(&self) -> bool {
        true
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for Silu {
    fn apply<T: Real>(&self, x: &mut [T]) {
        let beta = T::of(self.beta);
        map(x, |x| x * sigmoid_scalar(beta * x));
    }
    fn differentiate<T: Real>(&self, x: &[T], _: &[T], dy: &mut [T]) {
        let beta = T::of(self.beta);
        combine(dy, x, |dy, x| {
            let u = beta * x;
            // 1 − σ(u) is σ(−u), of which nothing cancels.
            let (s, rest) = (sigmoid_scalar(u), sigmoid_scalar(-u));
            dy * (s + u * s * rest)
        });
    }
}
