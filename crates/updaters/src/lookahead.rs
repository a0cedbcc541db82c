//! `lookahead`: every k updates φ ← φ + α(θ − φ);  θ ← φ.
//!
//! θ parameters, which the other updaters of the chain move; φ slow parameters, the initial ones at the
//! start. φ is used to validate and predict. Source: Zhang, Lucas, Hinton, Ba (2019), *Lookahead
//! optimizer: k steps forward, 1 step back*. The other updaters keep what they remember, as there.

use crate::moments::approach;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, Clock, SlotInit, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::Real;

/// Goes some steps, and then a part of the way that they lead.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Lookahead {
    /// k, the number of updates in between.
    #[setting(from = 1)]
    pub sync_period: u32,
    /// α, the part of the way; in (0, 1].
    #[setting(above = 0, to = 1)]
    pub slow_step_size: f64,
}

impl Default for Lookahead {
    /// The values of the paper.
    fn default() -> Self {
        Self { sync_period: 5, slow_step_size: 0.5 }
    }
}

#[typetag::serde(name = "lookahead")]
impl Updater for Lookahead {
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec { name: "slow", init: SlotInit::Parameters }]
    }
    fn settles(&self) -> bool {
        true
    }
    fn rests(&self, clock: Clock) -> bool {
        !(clock.iteration + 1).is_multiple_of(u64::from(self.sync_period))
    }
    fn averages(&self) -> bool {
        true
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Lookahead {
    fn update(&self, _: &UpdateAt<'_>, _: &[T], _: Slots<'_, T>, _: &mut [T]) {}

    fn settle(&self, at: &UpdateAt<'_>, parameters: &mut [T], slots: Slots<'_, T>) {
        if !self.rests(at.clock) {
            let [slow] = slots.array();
            approach(slow, self.slow_step_size, parameters);
            parameters.copy_from_slice(slow);
        }
    }

    fn evaluation(&self, _: &UpdateAt<'_>, parameters: &mut [T], slots: Slots<'_, T>) {
        let [slow] = slots.array();
        parameters.copy_from_slice(slow);
    }
}
