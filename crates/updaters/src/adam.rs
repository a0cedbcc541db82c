//! `adam`: m ← β₁m + (1 − β₁)p;  v ← β₂v + (1 − β₂)p²;  p ← m̂ / (√v̂ + ε).
//!
//! p step; m, v moving averages of p and p² (0 at the start); m̂ = m/(1 − β₁ᵗ) and
//! v̂ = v/(1 − β₂ᵗ) correct their bias towards the start, t = 1, 2, … counts the updates.
//! Source: Kingma, Ba (2015), *Adam: a method for stochastic optimization*, algorithm 1. ε stands
//! outside the root, as there.
//!
//! With `amsgrad`, v̂ = w/(1 − β₂ᵗ), where w ← max(w, v) is the largest average so far: Reddi, Kale,
//! Kumar (2018), *On the convergence of Adam and beyond*, with the correction of PyTorch.

use crate::moments::{Moments, bounded, correction, positive};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, Scheduled, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::{Real, vectorized};

/// Adam; with `amsgrad` AMSGrad, and AdamW where `weight-decay` follows.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Adam {
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
    /// Whether to divide by the largest average of squares so far, which never falls.
    pub amsgrad: bool,
}

impl Default for Adam {
    /// The values of the paper.
    fn default() -> Self {
        Self { beta1: 0.9.into(), beta2: 0.999, epsilon: 1e-8, amsgrad: false }
    }
}

#[typetag::serde(name = "adam")]
impl Updater for Adam {
    fn slots(&self) -> Vec<SlotSpec> {
        let mut slots = vec![SlotSpec::zero("m"), SlotSpec::zero("v")];
        slots.extend(self.amsgrad.then_some(SlotSpec::zero("largest-v")));
        slots
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Adam {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let beta1 = self.beta1.at(at.clock);
        let t = at.clock.iteration as f64 + 1.0;
        let (m_correction, v_correction) = (correction(beta1, t), correction(self.beta2, t));
        // m̂ / (√v̂ + ε), divided by the correction of m above and below: two products less for each number.
        let correction = T::of(v_correction.sqrt() / m_correction);
        let epsilon = positive::<T>(self.epsilon / m_correction);
        let moments = Moments::new(beta1, self.beta2);
        let quotient = move |m: T, v: T| m / v.sqrt().mul_add(correction, epsilon);
        if !self.amsgrad {
            return moments.sweep(
                step,
                slots.array(),
                #[inline(always)]
                move |_, m, v| quotient(m, v),
            );
        }
        let [m, v, w] = slots.array();
        vectorized(
            #[inline(always)]
            move || {
                for (((p, m), v), w) in step.iter_mut().zip(m).zip(v).zip(w) {
                    (*m, *v) = moments.with((*m, *v), bounded(*p));
                    *w = if *v > *w { *v } else { *w };
                    *p = quotient(*m, *w);
                }
            },
        );
    }
}
