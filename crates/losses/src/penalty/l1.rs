//! `l1`: λ Σ |θ|, with gradient λ sign(θ).
//!
//! θ weights, λ strength. It has a kink at 0, where the gradient is taken as 0, so small weights
//! oscillate around 0 by up to rate · λ rather than vanish. Source: Tibshirani (1996),
//! *Regression shrinkage and selection via the lasso*.

use super::sign::sign_times;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Block, Checked, Clock, Penalty, PenaltyKernel, PenaltyKernels, Scheduled};
use tanren_tensor::{Real, combine, sum_abs};

/// The sum of the sizes of the weights, times `strength`.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct L1 {
    /// λ ≥ 0, a number or a schedule; 1e-4 unless said.
    #[setting(from = 0)]
    pub strength: Scheduled,
}

impl Default for L1 {
    fn default() -> Self {
        Self { strength: 1e-4.into() }
    }
}

#[typetag::serde(name = "l1")]
impl Penalty for L1 {
    fn smooth(&self) -> bool {
        false
    }

    fn varies(&self) -> bool {
        self.strength.varies()
    }

    fn kernels(&self) -> PenaltyKernels<'_> {
        PenaltyKernels::of(self)
    }
}

impl<T: Real> PenaltyKernel<T> for L1 {
    fn value(&self, clock: Clock, _: &Block, parameters: &[T]) -> f64 {
        self.strength.at(clock) * sum_abs(parameters)
    }

    fn add_gradient(&self, clock: Clock, _: &Block, parameters: &[T], gradient: &mut [T]) {
        let lambda = T::of(self.strength.at(clock));
        combine(gradient, parameters, |g, theta| g + sign_times(lambda, theta));
    }
}
