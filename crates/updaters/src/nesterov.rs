//! `nesterov`: v ← μv + p;  p ← p + μv.
//!
//! p step, v velocity (0 at the start), μ momentum. Source: Sutskever, Martens, Dahl, Hinton
//! (2013), *On the importance of initialization and momentum in deep learning*, rewritten in the
//! look-ahead parameters θ + μv, so that the gradient is taken where the parameters are; this is
//! PyTorch's form too.

use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, Scheduled, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::{Real, vectorized};

/// Nesterov's accelerated gradient.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Nesterov {
    /// μ, the share of the velocity that is kept; a number or a schedule, in [0, 1).
    #[setting(from = 0, below = 1)]
    pub momentum: Scheduled,
}

impl Default for Nesterov {
    fn default() -> Self {
        Self { momentum: 0.9.into() }
    }
}

#[typetag::serde(name = "nesterov")]
impl Updater for Nesterov {
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec::zero("velocity")]
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Nesterov {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let [velocity] = slots.array();
        let mu = T::of(self.momentum.at(at.clock));
        vectorized(
            #[inline(always)]
            || {
                for (v, p) in velocity.iter_mut().zip(step) {
                    *v = mu.mul_add(*v, *p).or_zero(T::TINY); // else it never ends decaying
                    *p = mu.mul_add(*v, *p);
                }
            },
        );
    }
}
