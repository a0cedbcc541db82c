//! `adam`: m ← β₁m + (1 − β₁)p;  v ← β₂v + (1 − β₂)p²;  p ← m̂ / (√v̂ + ε).
//!
//! p step; m, v moving averages of p and p² (0 at the start); m̂ = m/(1 − β₁ᵗ) and
//! v̂ = v/(1 − β₂ᵗ) correct their bias towards the start, t = 1, 2, … counts the updates.
//! Source: Kingma, Ba (2015), *Adam: a method for stochastic optimization*, algorithm 1. ε stands
//! outside the root, as there.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels};
use tanren_tensor::{Real, vectorized};

/// Adam.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Adam {
    /// β₁, decay of the average of the step; in [0, 1).
    #[setting(from = 0, below = 1)]
    pub beta1: f64,
    /// β₂, decay of the average of its square; in [0, 1).
    #[setting(from = 0, below = 1)]
    pub beta2: f64,
    /// ε > 0, keeps the quotient finite.
    #[setting(above = 0)]
    pub epsilon: f64,
}

impl Default for Adam {
    /// The values of the paper.
    fn default() -> Self {
        Self { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
    }
}

#[typetag::serde(name = "adam")]
impl Updater for Adam {
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec::zero("m"), SlotSpec::zero("v")]
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Adam {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let [m, v] = slots.array();
        let t = at.clock.iteration as f64 + 1.0;
        let correction = |beta: f64| T::of(1.0 / (1.0 - beta.powf(t)));
        let (m_correction, v_correction) = (correction(self.beta1), correction(self.beta2));
        let (beta1, beta2, epsilon) = (T::of(self.beta1), T::of(self.beta2), T::of(self.epsilon));
        // Subtracted in double: of single precision numbers, 1 − 0.999 is wrong by 5e-5 of itself.
        let (gamma1, gamma2) = (T::of(1.0 - self.beta1), T::of(1.0 - self.beta2));
        // A square below TINY is below ε² by far: as 0 it changes nothing but the time it takes.
        let root = T::TINY.sqrt();
        vectorized(
            #[inline(always)]
            || {
                for ((p, m), v) in step.iter_mut().zip(m).zip(v) {
                    let square = p.or_zero(root) * *p;
                    *m = beta1.mul_add(*m, gamma1 * *p).or_zero(T::TINY);
                    *v = beta2.mul_add(*v, gamma2 * square).or_zero(T::TINY);
                    *p = m_correction * *m / ((v_correction * *v).sqrt() + epsilon);
                }
            },
        );
    }
}
