//! `schedule-free`: z ← z + γp;  x ← (1 − c)x + cz;  θ ← (1 − β)z + βx.
//!
//! p step at θ; γ rate, which rises to its full size in `warmup-steps` updates; z the sequence that takes
//! the steps and x its average, both the initial parameters at the start. c = γₜ²/Σγ² weighs the updates
//! of the warm-up less: 1/(t + 1) without one, t = 0, 1, … Trained is θ, used is x. Source: Defazio and
//! others (2024), *The road less scheduled*.
//!
//! It is the last of a chain, whatever makes the steps. By itself it is schedule-free SGD;
//! `updaters = [{ type = "adam", beta1 = 0 }, { type = "weight-decay", rate = 0.01 }, "schedule-free"]` is
//! schedule-free AdamW. The momentum is β, so there should be no other. The rate should be constant, which
//! c assumes, and not that of a line search, which z does not know.

use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, SlotInit, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::{Real, vectorized};

/// An average in place of a schedule of the rate: the last updater of a chain.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct ScheduleFree {
    /// β, the share of the average in the parameters that are trained; in [0, 1).
    #[setting(from = 0, below = 1)]
    pub beta: f64,
    /// Updates until the rate has its full size; with 0 it has it at once.
    pub warmup_steps: u32,
}

impl Default for ScheduleFree {
    /// The values of the authors' program.
    fn default() -> Self {
        Self { beta: 0.9, warmup_steps: 0 }
    }
}

impl ScheduleFree {
    /// The share of the rate at update t, from 0, and c.
    fn weights(&self, t: f64) -> (f64, f64) {
        let (done, warmup) = (t + 1.0, f64::from(self.warmup_steps));
        if done >= warmup {
            // Σ (k/w)² for k = 1 … w, and 1 for each update after them.
            let rising = (warmup + 1.0) * (2.0 * warmup + 1.0) / (6.0 * warmup.max(1.0));
            let sum = if warmup > 0.0 { rising + done - warmup } else { done };
            return (1.0, 1.0 / sum);
        }
        (done / warmup, 6.0 * done / ((done + 1.0) * (2.0 * done + 1.0)))
    }
}

#[typetag::serde(name = "schedule-free")]
impl Updater for ScheduleFree {
    fn slots(&self) -> Vec<SlotSpec> {
        ["z", "x"].map(|name| SlotSpec { name, init: SlotInit::Parameters }).to_vec()
    }
    fn averages(&self) -> bool {
        true
    }
    fn supposes_rate(&self) -> bool {
        true
    }
    fn ends_chain(&self) -> bool {
        true
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for ScheduleFree {
    fn update(&self, at: &UpdateAt<'_>, parameters: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let rate = T::of(at.rate);
        if rate == T::ZERO {
            return; // nothing moves, and no step leads anywhere
        }
        let [z, x] = slots.array();
        let (share, c) = self.weights(at.clock.iteration as f64);
        let (gamma, c, beta) = (T::of(at.rate * share), T::of(c), T::of(self.beta));
        vectorized(
            #[inline(always)]
            || {
                for (((p, theta), z), x) in step.iter_mut().zip(parameters).zip(z).zip(x) {
                    *z = gamma.mul_add(*p, *z);
                    *x = c.mul_add(*z - *x, *x);
                    let next = beta.mul_add(*x - *z, *z);
                    *p = (next - *theta) / rate; // which the rate will make next − θ
                }
            },
        );
    }

    fn evaluation(&self, _: &UpdateAt<'_>, parameters: &mut [T], slots: Slots<'_, T>) {
        let [_, x] = slots.array();
        parameters.copy_from_slice(x);
    }
}
