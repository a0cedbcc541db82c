//! `none`: p ← p. Plain gradient descent.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels};
use tanren_tensor::Real;

/// Leaves the step as it is.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Unchanged {}

#[typetag::serde(name = "none")]
impl Updater for Unchanged {
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Unchanged {
    fn update(&self, _: &UpdateAt<'_>, _: &[T], _: Slots<'_, T>, _: &mut [T]) {}
}
