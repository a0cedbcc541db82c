//! `clip-value`: p ← min(max(p, −c), c).
//!
//! p step, c the largest size of a number. In front of the updaters that remember steps it is the
//! clipping of gradients, element by element: PyTorch's `clip_grad_value_`, `ClipElementWiseAbsoluteValue`
//! of Deeplearning4j. Source: Mikolov (2012), *Statistical language models based on neural networks*.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels};
use tanren_tensor::{Real, map};

/// No number of a step is larger than this.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct ClipValue {
    /// c > 0.
    #[setting(above = 0)]
    pub value: f64,
}

impl Default for ClipValue {
    fn default() -> Self {
        Self { value: 1.0 }
    }
}

#[typetag::serde(name = "clip-value")]
impl Updater for ClipValue {
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for ClipValue {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], _: Slots<'_, T>, step: &mut [T]) {
        let value = T::of(self.value);
        at.clipped(step.iter().filter(|p| p.abs() > value).count(), step.len());
        map(step, |p| p.clamp(-value, value));
    }
}
