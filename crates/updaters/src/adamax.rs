//! `adamax`: m ← β₁m + (1 − β₁)p;  u ← max(β₂u, |p| + ε);  p ← m̂ / u.
//!
//! p step, m its moving average, u a maximum that decays (both 0 at the start); m̂ = m/(1 − β₁ᵗ), t = 1,
//! 2, … counts the updates. Source: Kingma, Ba (2015), *Adam: a method for stochastic optimization*,
//! algorithm 2; ε, which keeps u above 0, stands where PyTorch has it.

use crate::moments::{Average, bounded, correction, positive};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, Scheduled, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::{Real, vectorized};

/// Adam with the largest of past steps in place of their mean square; usual rate: 0.002.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Adamax {
    /// β₁, decay of the average of the step; a number or a schedule, in [0, 1). Its bias is corrected as if
    /// the present number had held from the start, as in PyTorch: at a β₁ that rises steeply within the
    /// first 1/(1 − β₁) updates, steps are too long.
    #[setting(from = 0, below = 1)]
    pub beta1: Scheduled,
    /// β₂, decay of the maximum; in [0, 1).
    #[setting(from = 0, below = 1)]
    pub beta2: f64,
    /// ε > 0, keeps the quotient finite.
    #[setting(above = 0)]
    pub epsilon: f64,
}

impl Default for Adamax {
    /// The values of the paper, with ε of PyTorch.
    fn default() -> Self {
        Self { beta1: 0.9.into(), beta2: 0.999, epsilon: 1e-8 }
    }
}

#[typetag::serde(name = "adamax")]
impl Updater for Adamax {
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec::zero("m"), SlotSpec::zero("u")]
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Adamax {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let beta1 = self.beta1.at(at.clock);
        let [m, u] = slots.array();
        let t = at.clock.iteration as f64 + 1.0;
        let m_correction = T::of(correction(beta1, t));
        let (average, beta2) = (Average::<T>::new(beta1), T::of(self.beta2));
        let epsilon = positive::<T>(self.epsilon);
        vectorized(
            #[inline(always)]
            || {
                for ((p, m), u) in step.iter_mut().zip(m).zip(u) {
                    let bounded = bounded(*p);
                    *m = average.with(*m, bounded);
                    *u = (beta2 * *u).max(bounded.abs() + epsilon);
                    *p = m_correction * *m / *u;
                }
            },
        );
    }
}
