//! `clip-norm`: p ← p · c/‖p‖, where ‖p‖ > c.
//!
//! p the part of the step that `per` says, c the largest norm. In front of the updaters that remember
//! steps it is the clipping of gradients. Source: Pascanu, Mikolov, Bengio (2013), *On the difficulty of
//! training recurrent neural networks*. The norm of all parameters (`per = "network"`) is what PyTorch's
//! `clip_grad_norm_` and optax's `clip_by_global_norm` limit; `layer` and `block` are `ClipL2PerLayer` and
//! `ClipL2PerParamType` of Deeplearning4j.

use crate::per::{Per, lengthen};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Scope, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels};
use tanren_tensor::Real;

/// No step, or no part of it, is longer than this.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct ClipNorm {
    /// c > 0, the largest norm.
    #[setting(above = 0)]
    pub max_norm: f64,
    /// What has a norm: the whole step, each layer or each block. Only `block` can be aimed with `on`.
    pub per: Per,
}

impl Default for ClipNorm {
    /// A norm of 1, of the whole step.
    fn default() -> Self {
        Self { max_norm: 1.0, per: Per::Network }
    }
}

#[typetag::serde(name = "clip-norm")]
impl Updater for ClipNorm {
    fn scope(&self) -> Scope {
        self.per.scope()
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for ClipNorm {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], _: Slots<'_, T>, step: &mut [T]) {
        let most = self.max_norm;
        self.per.each(at.layout, step, |part| {
            let cut = lengthen(part, most, |norm| norm > most);
            at.clipped(usize::from(cut), 1);
        });
    }
}
