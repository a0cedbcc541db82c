//! `lamb`: r = m̂ / (√v̂ + ε) − λθ;  p ← r · ‖θ‖/‖r‖, block by block.
//!
//! p step; m, v moving averages of p and p², with their corrections m̂, v̂ as in `adam`; θ parameters, λ
//! weight decay. A block one of whose norms is 0 takes the step r. Biases and gains take the step of
//! Adam: no decay, no norms, as in the authors' program. Source: You and others (2020), *Large batch
//! optimization for deep learning: training BERT in 76 minutes*, algorithm 2, with φ the identity.

use crate::moments::{Moments, correction, positive};
use crate::per::lengthen;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    BlockKind, Checked, Scheduled, Scope, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel,
    UpdaterKernels,
};
use tanren_tensor::{Real, Write, add_scaled, norm};

/// Adam with steps in proportion to the weights, for large batches.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Lamb {
    /// β₁, decay of the average of the step; a number or a schedule, in [0, 1). Its bias is corrected as if
    /// the present number had held from the start, as in PyTorch: at a β₁ that rises steeply within the
    /// first 1/(1 − β₁) updates, steps are too long.
    #[setting(from = 0, below = 1)]
    pub beta1: Scheduled,
    /// β₂, decay of the average of its square; in [0, 1).
    #[setting(from = 0, below = 1)]
    pub beta2: f64,
    /// ε > 0, keeps the quotient finite.
    #[setting(above = 0)]
    pub epsilon: f64,
    /// λ ≥ 0, the decay of weights. It belongs to the step whose norm counts, so it is not that of a
    /// `weight-decay` behind it.
    #[setting(from = 0)]
    pub weight_decay: f64,
}

impl Default for Lamb {
    /// The values of optax.
    fn default() -> Self {
        Self { beta1: 0.9.into(), beta2: 0.999, epsilon: 1e-6, weight_decay: 0.0 }
    }
}

#[typetag::serde(name = "lamb")]
impl Updater for Lamb {
    fn scope(&self) -> Scope {
        Scope::Block
    }
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec::zero("m"), SlotSpec::zero("v")]
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Lamb {
    fn update(&self, at: &UpdateAt<'_>, parameters: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let beta1 = self.beta1.at(at.clock);
        let t = at.clock.iteration as f64 + 1.0;
        let correction = |beta| T::of(correction(beta, t));
        let (m_correction, v_correction) = (correction(beta1), correction(self.beta2));
        let epsilon = positive::<T>(self.epsilon);
        Moments::new(beta1, self.beta2).sweep(
            step,
            slots.array(),
            #[inline(always)]
            move |_, m, v| m_correction * m / ((v_correction * v).sqrt() + epsilon),
        );
        if at.block.is_some_and(|block| BlockKind::WEIGHTS.contains(&block.kind)) {
            add_scaled(Write::Add, T::of(-self.weight_decay), parameters, step);
            let theta = norm(parameters);
            lengthen(step, theta, |_| theta > 0.0);
        }
    }
}
