//! `radam`: m ← β₁m + (1 − β₁)p;  v ← β₂v + (1 − β₂)p²;  p ← r m̂ √(1 − β₂ᵗ) / (√v + ε), or m̂.
//!
//! p step; m, v moving averages of p and p² (0 at the start); m̂ = m/(1 − β₁ᵗ), t = 1, 2, … counts the
//! updates. ρ = ρ∞ − 2tβ₂ᵗ/(1 − β₂ᵗ), with ρ∞ = 2/(1 − β₂) − 1, is how many numbers v is worth. While it
//! is at most 5 the step is m̂; then r = √((ρ − 4)(ρ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ)) makes up for the
//! variance of v. Source: Liu and others (2020), *On the variance of the adaptive learning rate and
//! beyond*, with the threshold 5 and ε of PyTorch.

use crate::moments::{Moments, correction, positive};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, Scheduled, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::Real;

/// Adam that needs no warm-up.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct RAdam {
    /// β₁, decay of the average of the step; a number or a schedule, in [0, 1). Its bias is corrected as if
    /// the present number had held from the start, as in PyTorch: at a β₁ that rises steeply within the
    /// first 1/(1 − β₁) updates, steps are too long.
    #[setting(from = 0, below = 1)]
    pub beta1: Scheduled,
    /// β₂, decay of the average of its square; in [0, 1). Up to ⅔, the step is m̂ at all times.
    #[setting(from = 0, below = 1)]
    pub beta2: f64,
    /// ε > 0, keeps the quotient finite.
    #[setting(above = 0)]
    pub epsilon: f64,
}

impl Default for RAdam {
    /// The values of PyTorch.
    fn default() -> Self {
        Self { beta1: 0.9.into(), beta2: 0.999, epsilon: 1e-8 }
    }
}

impl RAdam {
    /// r √(1 − β₂ᵗ), where v is worth enough numbers.
    fn rectification(&self, t: f64) -> Option<f64> {
        let (left, most) = (self.beta2.powf(t), 2.0 / (1.0 - self.beta2) - 1.0);
        let worth = most - 2.0 * t * left / (1.0 - left);
        let square = (worth - 4.0) * (worth - 2.0) * most / ((most - 4.0) * (most - 2.0) * worth);
        (worth > 5.0).then(|| (square * (1.0 - left)).sqrt())
    }
}

#[typetag::serde(name = "radam")]
impl Updater for RAdam {
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec::zero("m"), SlotSpec::zero("v")]
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for RAdam {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let beta1 = self.beta1.at(at.clock);
        let t = at.clock.iteration as f64 + 1.0;
        let (moments, slots) = (Moments::new(beta1, self.beta2), slots.array());
        let m_correction = correction(beta1, t);
        match self.rectification(t) {
            None => {
                let share = T::of(m_correction);
                moments.sweep(
                    step,
                    slots,
                    #[inline(always)]
                    move |_, m, _| share * m,
                );
            }
            Some(rectification) => {
                let share = T::of(rectification * m_correction);
                let epsilon = positive::<T>(self.epsilon);
                moments.sweep(
                    step,
                    slots,
                    #[inline(always)]
                    move |_, m, v| share * m / (v.sqrt() + epsilon),
                );
            }
        }
    }
}
