//! `swa`: θ̄ ← θ̄ + (θ − θ̄)/n after every `every` epochs (or updates), from number `start` on.
//!
//! θ parameters, which are trained as if it were not there; θ̄ the mean of n of them, used to validate
//! and predict; until there is one, θ is. Sources: Izmailov and others (2018), *Averaging weights leads to
//! wider optima and better generalization*, which averages once per epoch, in the last quarter of the
//! training, at a rate that is constant and high; by iterations from the first on it is Polyak, Juditsky
//! (1992), *Acceleration of stochastic approximation by averaging*.
//!
//! What batch norm keeps are averages of the data under θ. The trainer makes them anew for θ̄ after every
//! epoch; the paper does so at the end.

use crate::moments::approach;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, Clock, SlotInit, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::Real;

/// Predicts with the mean of the parameters.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Swa {
    /// What `start` and `every` count.
    pub by: SwaBy,
    /// Epochs, or updates, before the first that may count.
    pub start: u64,
    /// The last of every so many counts.
    #[setting(from = 1)]
    pub every: u64,
}

/// After what parameters are averaged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum SwaBy {
    /// After an epoch.
    #[default]
    Epochs,
    /// After an update.
    Iterations,
}

impl Default for Swa {
    fn default() -> Self {
        Self { by: SwaBy::Epochs, start: 0, every: 1 }
    }
}

impl Swa {
    /// How many have passed since the start.
    const fn counting(&self, clock: Clock) -> u64 {
        let passed = match self.by {
            SwaBy::Epochs => clock.epoch,
            SwaBy::Iterations => clock.iteration,
        };
        passed.saturating_sub(self.start)
    }

    /// Whether what has just ended counts.
    const fn counts(&self, clock: Clock) -> bool {
        let counting = self.counting(clock);
        counting > 0 && counting.is_multiple_of(self.every)
    }

    /// Brings the mean up to date at a clock that shows what has just ended.
    fn take<T: Real>(&self, clock: Clock, parameters: &[T], slots: Slots<'_, T>) {
        let ([mean], counting) = (slots.array(), self.counting(clock));
        if counting == self.every {
            mean.copy_from_slice(parameters); // the first
        } else if self.counts(clock) {
            approach(mean, self.every as f64 / counting as f64, parameters);
        }
    }
}

#[typetag::serde(name = "swa")]
impl Updater for Swa {
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec { name: "mean", init: SlotInit::Parameters }]
    }
    fn settles(&self) -> bool {
        self.by == SwaBy::Iterations
    }
    fn rests(&self, clock: Clock) -> bool {
        let after = Clock { iteration: clock.iteration + 1, ..clock };
        self.by == SwaBy::Epochs || !self.counts(after)
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
        if self.by == SwaBy::Iterations {
            let after = Clock { iteration: at.clock.iteration + 1, ..at.clock };
            self.take(after, parameters, slots);
        }
    }

    fn finish_epoch(&self, at: &UpdateAt<'_>, parameters: &[T], slots: Slots<'_, T>) {
        if self.by == SwaBy::Epochs {
            self.take(at.clock, parameters, slots);
        }
    }

    fn evaluation(&self, at: &UpdateAt<'_>, parameters: &mut [T], slots: Slots<'_, T>) {
        let [mean] = slots.array();
        if self.counting(at.clock) >= self.every {
            parameters.copy_from_slice(mean);
        }
    }
}
