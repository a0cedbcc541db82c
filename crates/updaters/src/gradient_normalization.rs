//! `gradient-normalization`: p ← p/‖p‖; a step of 0 stays as it is.
//!
//! p the part of the step that `per` says. In front of the updaters that remember steps it normalises
//! gradients. `layer` and `block` are `RenormalizeL2PerLayer` and `RenormalizeL2PerParamType` of
//! Deeplearning4j; `network` is normalised gradient descent: Hazan, Levy, Shalev-Shwartz (2015), *Beyond
//! convexity: stochastic quasi-convex optimization*.

use crate::per::{Per, lengthen};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Scope, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels};
use tanren_tensor::Real;

/// Every step, or every part of it, has the length 1.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct GradientNormalization {
    /// What has a norm: the whole step, each layer or each block. Only `block` can be aimed with `on`.
    pub per: Per,
}

impl Default for GradientNormalization {
    fn default() -> Self {
        Self { per: Per::Layer }
    }
}

#[typetag::serde(name = "gradient-normalization")]
impl Updater for GradientNormalization {
    fn scope(&self) -> Scope {
        self.per.scope()
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for GradientNormalization {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], _: Slots<'_, T>, step: &mut [T]) {
        self.per.each(at.layout, step, |part| {
            lengthen(part, 1.0, |_| true);
        });
    }
}
