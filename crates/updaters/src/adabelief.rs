//! `adabelief`: m ← β₁m + (1 − β₁)p;  s ← β₂s + (1 − β₂)(p − m)² + ε;  p ← m̂ / (√ŝ + ε).
//!
//! p step, m its moving average, s that of the square of how far p is from it (both 0 at the start);
//! m̂ = m/(1 − β₁ᵗ) and ŝ = s/(1 − β₂ᵗ) correct their bias towards the start, t = 1, 2, … counts the
//! updates. Source: Zhuang and others (2020), *AdaBelief optimizer: adapting stepsizes by the belief in
//! observed gradients*, algorithm 2.

use crate::moments::{Average, bounded, correction, positive, square};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, Scheduled, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::{Real, vectorized};

/// Adam that goes far where steps are as expected.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct AdaBelief {
    /// β₁, decay of the average of the step; a number or a schedule, in [0, 1). Its bias is corrected as if
    /// the present number had held from the start, as in PyTorch: at a β₁ that rises steeply within the
    /// first 1/(1 − β₁) updates, steps are too long.
    #[setting(from = 0, below = 1)]
    pub beta1: Scheduled,
    /// β₂, decay of the average of the squared difference; in [0, 1).
    #[setting(from = 0, below = 1)]
    pub beta2: f64,
    /// ε > 0, keeps the quotient finite.
    #[setting(above = 0)]
    pub epsilon: f64,
}

impl Default for AdaBelief {
    /// The values of optax.
    fn default() -> Self {
        Self { beta1: 0.9.into(), beta2: 0.999, epsilon: 1e-16 }
    }
}

#[typetag::serde(name = "adabelief")]
impl Updater for AdaBelief {
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec::zero("m"), SlotSpec::zero("s")]
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for AdaBelief {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let beta1 = self.beta1.at(at.clock);
        let [m, s] = slots.array();
        let t = at.clock.iteration as f64 + 1.0;
        let (first, second) = (Average::<T>::new(beta1), Average::<T>::new(self.beta2));
        let (m_correction, s_correction) = (correction(beta1, t), correction(self.beta2, t));
        // As in `adam`: m̂ / (√ŝ + ε), divided by the correction of m above and below.
        let correction = T::of(s_correction.sqrt() / m_correction);
        let (epsilon, least) = (positive(self.epsilon), positive(self.epsilon / m_correction));
        vectorized(
            #[inline(always)]
            move || {
                for ((p, m), s) in step.iter_mut().zip(m).zip(s) {
                    let bounded = bounded(*p);
                    let mean = first.with(*m, bounded);
                    let spread = second.with(*s, square(bounded - mean)) + epsilon;
                    (*m, *s) = (mean, spread);
                    *p = mean / spread.sqrt().mul_add(correction, least);
                }
            },
        );
    }
}
