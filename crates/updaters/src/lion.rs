//! `lion`: c = β₁m + (1 − β₁)p;  m ← β₂m + (1 − β₂)p;  p ← sign(c).
//!
//! p step, m its moving average (0 at the start); the sign of 0 is 0. Source: Chen and others (2023),
//! *Symbolic discovery of optimization algorithms*. Every number moves by the rate, which is therefore
//! 3 to 10 times smaller than that of Adam, and the `weight-decay` behind it as much larger.

use crate::moments::{Average, sign};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, Scheduled, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::{Real, vectorized};

/// The sign of a momentum; usual rate: 1e-4.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Lion {
    /// β₁, the share of the average in the sign; a number or a schedule, in [0, 1).
    #[setting(from = 0, below = 1)]
    pub beta1: Scheduled,
    /// β₂, decay of the average; in [0, 1).
    #[setting(from = 0, below = 1)]
    pub beta2: f64,
}

impl Default for Lion {
    /// The values of the paper.
    fn default() -> Self {
        Self { beta1: 0.9.into(), beta2: 0.99 }
    }
}

#[typetag::serde(name = "lion")]
impl Updater for Lion {
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec::zero("m")]
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Lion {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let beta1 = self.beta1.at(at.clock);
        let [m] = slots.array();
        let (seen, kept) = (Average::<T>::new(beta1), Average::<T>::new(self.beta2));
        vectorized(
            #[inline(always)]
            || {
                for (p, m) in step.iter_mut().zip(m) {
                    let c = seen.with(*m, *p);
                    *m = kept.with(*m, *p);
                    *p = sign(c);
                }
            },
        );
    }
}
