//! `momentum`: v ← μv + p;  p ← v.
//!
//! p step, v velocity (0 at the start), μ momentum. A constant step grows to 1/(1 − μ) times its
//! size. Source: Polyak (1964), *Some methods of speeding up the convergence of iteration
//! methods*, in the form in which the rate multiplies the velocity.

use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, Scheduled, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::{Real, combine};

/// Classical momentum.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Momentum {
    /// μ, the share of the velocity that is kept; a number or a schedule, in [0, 1).
    #[setting(from = 0, below = 1)]
    pub momentum: Scheduled,
}

impl Default for Momentum {
    fn default() -> Self {
        Self { momentum: 0.9.into() }
    }
}

#[typetag::serde(name = "momentum")]
impl Updater for Momentum {
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec::zero("velocity")]
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

/// v ← μv + p;  p ← v.
pub(crate) fn accelerate<T: Real>(momentum: f64, velocity: &mut [T], step: &mut [T]) {
    let mu = T::of(momentum);
    // Without `or_zero` it never ends decaying.
    combine(velocity, step, |v, p| mu.mul_add(v, p).or_zero(T::TINY));
    step.copy_from_slice(velocity);
}

impl<T: Real> UpdaterKernel<T> for Momentum {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let [velocity] = slots.array();
        accelerate(self.momentum.at(at.clock), velocity, step);
    }
}
