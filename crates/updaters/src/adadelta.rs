//! `adadelta`: v ← ρv + (1 − ρ)p²;  p ← p √(u + ε) / √(v + ε);  u ← ρu + (1 − ρ)p².
//!
//! p step; v, u moving averages of the squares of the steps that enter and of those that leave (0 at
//! the start). Source: Zeiler (2012), *ADADELTA: an adaptive learning rate method*, algorithm 1. It
//! finds the size of its steps itself: the paper has no rate, which is a rate of 1. They start near √ε.

use crate::moments::{Average, bounded, positive, square};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels};
use tanren_tensor::{Real, vectorized};

/// Steps in the units of the parameters; usual rate: 1.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Adadelta {
    /// ρ, decay of both averages; in [0, 1).
    #[setting(from = 0, below = 1)]
    pub rho: f64,
    /// ε > 0, lets the first steps begin.
    #[setting(above = 0)]
    pub epsilon: f64,
}

impl Default for Adadelta {
    /// The values of PyTorch.
    fn default() -> Self {
        Self { rho: 0.9, epsilon: 1e-6 }
    }
}

#[typetag::serde(name = "adadelta")]
impl Updater for Adadelta {
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec::zero("v"), SlotSpec::zero("u")]
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Adadelta {
    fn update(&self, _: &UpdateAt<'_>, _: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let [v, u] = slots.array();
        let (average, epsilon) = (Average::<T>::new(self.rho), positive::<T>(self.epsilon));
        vectorized(
            #[inline(always)]
            || {
                for ((p, v), u) in step.iter_mut().zip(v).zip(u) {
                    let bounded = bounded(*p);
                    *v = average.with(*v, square(bounded));
                    *p = bounded * ((*u + epsilon) / (*v + epsilon)).sqrt();
                    *u = average.with(*u, square(*p));
                }
            },
        );
    }
}
