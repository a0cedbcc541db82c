//! `lars`: v ← μv + r(p − λθ), with r = η‖θ‖ / (‖p‖ + λ‖θ‖);  p ← v, block by block.
//!
//! p step, v velocity (0 at the start), μ momentum, θ parameters, λ weight decay, η trust coefficient. A
//! block of which ‖θ‖ or ‖p‖ is 0 has r = 1. Biases and gains have momentum: no decay, no norms. Source:
//! You, Gitman, Ginsburg (2017), *Large batch training of convolutional networks*, with the rate outside
//! the velocity.

use serde::{Deserialize, Serialize};
use tanren_plugin::{
    BlockKind, Checked, Scheduled, Scope, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel,
    UpdaterKernels,
};
use tanren_tensor::{Real, norm, vectorized};

/// Momentum with steps in proportion to the weights, for large batches.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Lars {
    /// μ, the share of the velocity that is kept; a number or a schedule, in [0, 1).
    #[setting(from = 0, below = 1)]
    pub momentum: Scheduled,
    /// λ ≥ 0, the decay of weights.
    #[setting(from = 0)]
    pub weight_decay: f64,
    /// η > 0, the length of a step beside that of its weights, times the rate.
    #[setting(above = 0)]
    pub trust_coefficient: f64,
}

impl Default for Lars {
    /// The values of optax.
    fn default() -> Self {
        Self { momentum: 0.9.into(), weight_decay: 0.0, trust_coefficient: 1e-3 }
    }
}

#[typetag::serde(name = "lars")]
impl Updater for Lars {
    fn scope(&self) -> Scope {
        Scope::Block
    }
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec::zero("velocity")]
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Lars {
    fn update(&self, at: &UpdateAt<'_>, parameters: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let [velocity] = slots.array();
        let weights = at.block.is_some_and(|block| BlockKind::WEIGHTS.contains(&block.kind));
        let decay = if weights { self.weight_decay } else { 0.0 };
        let (theta, p) = (norm(parameters), norm(step));
        let ratio = match weights && theta > 0.0 && p > 0.0 {
            true => self.trust_coefficient * theta / (p + decay * theta),
            false => 1.0,
        };
        let mu = T::of(self.momentum.at(at.clock));
        vectorized(
            #[inline(always)]
            || {
                for ((v, p), theta) in velocity.iter_mut().zip(step).zip(parameters) {
                    // In double precision: where steps are short, r may be too large for single.
                    let scaled = T::of(ratio * (p.f64() - decay * theta.f64()));
                    *v = mu.mul_add(*v, scaled).or_zero(T::TINY);
                    *p = *v;
                }
            },
        );
    }
}
