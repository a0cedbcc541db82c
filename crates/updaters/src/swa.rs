//! `swa`: θ̄ ← θ̄ + (θ − θ̄)/n after every `every` updates, from update `start` on.
//!
//! θ parameters, which are trained as if it were not there; θ̄ the mean of n of them, used to validate
//! and predict; until there is one, θ is. Sources: Izmailov and others (2018), *Averaging weights leads to
//! wider optima and better generalization*, which averages once per epoch, in the last quarter of the
//! training, at a rate that is constant and high: let `every` be the batches of an epoch. With the
//! defaults it is Polyak, Juditsky (1992), *Acceleration of stochastic approximation by averaging*.
//!
//! What batch norm keeps are averages of the data under θ, not under θ̄. The paper computes them anew.

use crate::moments::approach;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, SlotInit, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::Real;

/// Predicts with the mean of the parameters.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Swa {
    /// Updates before the first that may count.
    pub start: u64,
    /// Of how many updates one counts: the last.
    #[setting(from = 1)]
    pub every: u64,
}

impl Default for Swa {
    fn default() -> Self {
        Self { start: 0, every: 1 }
    }
}

#[typetag::serde(name = "swa")]
impl Updater for Swa {
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

impl<T: Real> UpdaterKernel<T> for Swa {
    fn update(&self, _: &UpdateAt<'_>, _: &[T], _: Slots<'_, T>, _: &mut [T]) {}

    fn settle(&self, at: &UpdateAt<'_>, parameters: &mut [T], slots: Slots<'_, T>) {
        let [mean] = slots.array();
        let counting = (at.clock.iteration + 1).saturating_sub(self.start);
        let n = counting / self.every;
        if n == 0 {
            mean.copy_from_slice(parameters);
        } else if counting.is_multiple_of(self.every) {
            approach(mean, 1.0 / n as f64, parameters);
        }
    }

    fn evaluation(&self, _: &UpdateAt<'_>, parameters: &mut [T], slots: Slots<'_, T>) {
        let [mean] = slots.array();
        parameters.copy_from_slice(mean);
    }
}
