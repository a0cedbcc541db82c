//! `elastic`: λ (ρ Σ |θ| + ½ (1 − ρ) Σ θ²), with gradient λ (ρ sign(θ) + (1 − ρ) θ).
//!
//! θ weights, λ strength, ρ the share of the first part: the penalties `l1` of strength λ ρ and `l2` of
//! strength λ (1 − ρ) in one. Source: Zou, Hastie (2005), *Regularization and variable selection via the
//! elastic net*, with λ and ρ as in glmnet and scikit-learn.

use super::sign::sign_times;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Block, Checked, Clock, Penalty, PenaltyKernel, PenaltyKernels, Scheduled};
use tanren_tensor::{Real, combine, dot, sum_abs};

/// The elastic net: the sum of the sizes of the weights and half the sum of their squares.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Elastic {
    /// λ ≥ 0, a number or a schedule; 1e-4 unless said.
    #[setting(from = 0)]
    pub strength: Scheduled,
    /// ρ, the share of the sum of the sizes, from 0 (as `l2`) to 1 (as `l1`); 0.5 unless said.
    #[setting(from = 0, to = 1)]
    pub ratio: f64,
}

impl Default for Elastic {
    fn default() -> Self {
        Self { strength: 1e-4.into(), ratio: 0.5 }
    }
}

impl Elastic {
    /// The strengths of the two parts at `clock`.
    fn parts(&self, clock: Clock) -> (f64, f64) {
        let strength = self.strength.at(clock);
        (strength * self.ratio, strength * (1.0 - self.ratio))
    }
}

#[typetag::serde(name = "elastic")]
impl Penalty for Elastic {
    fn smooth(&self) -> bool {
        self.ratio == 0.0 || self.strength.is_zero()
    }

    fn varies(&self) -> bool {
        self.strength.varies()
    }

    fn kernels(&self) -> PenaltyKernels<'_> {
        PenaltyKernels::of(self)
    }
}

impl<T: Real> PenaltyKernel<T> for Elastic {
    fn value(&self, clock: Clock, _: &Block, parameters: &[T]) -> f64 {
        let (l1, l2) = self.parts(clock);
        l1 * sum_abs(parameters) + 0.5 * l2 * dot(parameters, parameters)
    }

    fn add_gradient(&self, clock: Clock, _: &Block, parameters: &[T], gradient: &mut [T]) {
        let (l1, l2) = self.parts(clock);
        let (l1, l2) = (T::of(l1), T::of(l2));
        combine(gradient, parameters, |g, theta| l2.mul_add(theta, g + sign_times(l1, theta)));
    }
}
