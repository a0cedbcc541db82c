//! `l2`: ½ λ Σ θ², with gradient λ θ.
//!
//! θ weights, λ strength. The factor ½ makes λ the share of a weight that a step of rate 1 takes
//! away; libraries that write λ Σ θ² mean half of this λ. Source: Hoerl, Kennard (1970), *Ridge
//! regression*.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Block, Checked, Clock, Penalty, PenaltyKernel, PenaltyKernels, Scheduled};
use tanren_tensor::{Real, Write, add_scaled, dot};

/// Half the sum of squares of the weights, times `strength`.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct L2 {
    /// λ ≥ 0, a number or a schedule; 1e-4 unless said, usual from 1e-6 to 1e-2.
    #[setting(from = 0)]
    pub strength: Scheduled,
}

impl Default for L2 {
    fn default() -> Self {
        Self { strength: 1e-4.into() }
    }
}

#[typetag::serde(name = "l2")]
impl Penalty for L2 {
    fn varies(&self) -> bool {
        self.strength.varies()
    }

    fn kernels(&self) -> PenaltyKernels<'_> {
        PenaltyKernels::of(self)
    }
}

impl<T: Real> PenaltyKernel<T> for L2 {
    fn value(&self, clock: Clock, _: &Block, parameters: &[T]) -> f64 {
        0.5 * self.strength.at(clock) * dot(parameters, parameters)
    }

    fn add_gradient(&self, clock: Clock, _: &Block, parameters: &[T], gradient: &mut [T]) {
        add_scaled(Write::Add, T::of(self.strength.at(clock)), parameters, gradient);
    }
}
