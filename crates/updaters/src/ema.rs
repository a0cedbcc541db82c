//! `ema`: θ̄ ← θ̄ + (1 − β)/(1 − βᵗ) · (θ − θ̄) after every update.
//!
//! θ parameters, which are trained as if it were not there; θ̄ their exponential moving average, used to
//! validate and predict; t = 1, 2, … counts the updates, β decay. It is the average from 0 on with its
//! bias corrected: after the first update θ̄ is θ, and the initial parameters do not count. Source:
//! Kingma, Ba (2015), *Adam: a method for stochastic optimization*, section 7.2.
//!
//! What batch norm keeps are averages of the data under θ. The trainer makes them anew for θ̄.

use crate::moments::approach;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, SlotInit, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::Real;

/// Predicts with a moving average of the parameters.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Ema {
    /// β, decay of the average; in [0, 1). It reaches 1/(1 − β) updates back.
    #[setting(from = 0, below = 1)]
    pub decay: f64,
}

impl Default for Ema {
    /// The value of PyTorch.
    fn default() -> Self {
        Self { decay: 0.999 }
    }
}

#[typetag::serde(name = "ema")]
impl Updater for Ema {
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec { name: "mean", init: SlotInit::Parameters }]
    }
    fn settles(&self) -> bool {
        true
    }
    fn averages(&self) -> bool {
        true
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Ema {
    fn update(&self, _: &UpdateAt<'_>, _: &[T], _: Slots<'_, T>, _: &mut [T]) {}

    fn settle(&self, at: &UpdateAt<'_>, parameters: &mut [T], slots: Slots<'_, T>) {
        let [mean] = slots.array();
        let t = at.clock.iteration as f64 + 1.0;
        approach(mean, (1.0 - self.decay) / (1.0 - self.decay.powf(t)), parameters);
    }

    fn evaluation(&self, _: &UpdateAt<'_>, parameters: &mut [T], slots: Slots<'_, T>) {
        let [mean] = slots.array();
        parameters.copy_from_slice(mean);
    }
}
