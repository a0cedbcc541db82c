//! `scale`: p ← s p.
//!
//! p step, s factor. Aimed at a layer or at a kind of blocks and last in the chain it is a learning
//! rate of their own: `{ type = "scale", factor = 2.0, on = { kinds = ["bias"] } }`. Before an updater
//! that divides by the size of past steps, such as Adam, it has no effect but on ε.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Scheduled, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels};
use tanren_tensor::{Real, map};

/// A factor of the learning rate.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// s, a number or a schedule, from 0 on.
    #[setting(from = 0)]
    pub factor: Scheduled,
}

impl Scale {
    /// Steps that are `factor` times as long.
    #[must_use]
    pub fn new(factor: impl Into<Scheduled>) -> Self {
        Self { factor: factor.into() }
    }
}

#[typetag::serde(name = "scale")]
impl Updater for Scale {
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Scale {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], _: Slots<'_, T>, step: &mut [T]) {
        let factor = T::of(self.factor.at(at.clock));
        map(step, |p| factor * p);
    }
}
