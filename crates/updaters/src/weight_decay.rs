//! `weight-decay`: p ← p − λ θ.
//!
//! p step, θ parameters, λ rate. It is multiplied by the learning rate η, as every step: a step takes the
//! share η λ of each weight away, θ ← θ + η (p − λ θ), as `AdamW` of PyTorch and Keras does. It acts where it
//! stands in the chain. Last, it is decoupled: `updaters = ["adam", { type = "weight-decay", rate = 0.01 }]`
//! is AdamW. In front of an updater that divides by the size of past steps, as Adam does, it is an L2
//! penalty but for the loss, in which it does not count. Source: Loshchilov, Hutter (2019), *Decoupled
//! weight decay regularization*.

use serde::{Deserialize, Serialize};
use tanren_plugin::{
    BlockKind, Checked, Scheduled, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::{Real, Write, add_scaled};

/// Takes a share of each weight away at every step; not of biases, unless it is aimed at them.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct WeightDecay {
    /// λ ≥ 0, a number or a schedule: times the learning rate, the share of a weight that a step takes away; 0.01 unless said.
    #[setting(from = 0)]
    pub rate: Scheduled,
}

impl Default for WeightDecay {
    fn default() -> Self {
        Self { rate: 0.01.into() }
    }
}

#[typetag::serde(name = "weight-decay")]
impl Updater for WeightDecay {
    fn kinds(&self) -> &[BlockKind] {
        BlockKind::WEIGHTS
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for WeightDecay {
    fn update(&self, at: &UpdateAt<'_>, parameters: &[T], _: Slots<'_, T>, step: &mut [T]) {
        add_scaled(Write::Add, T::of(-self.rate.at(at.clock)), parameters, step);
    }
}
