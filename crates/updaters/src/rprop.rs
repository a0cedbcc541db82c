//! `rprop`: Δ ← η⁺Δ where p and the step before agree in sign, η⁻Δ where not;  p ← sign(p) Δ.
//!
//! p step, Δ how far each number moves, within [`min-step`, `max-step`]. Where the sign has changed, the
//! step is 0, and the next one is compared with nothing: iRprop⁻ of Igel, Hüsken (2000), *Improving the
//! Rprop learning algorithm*, which is PyTorch's form. Source: Riedmiller, Braun (1993), *A direct
//! adaptive method for faster backpropagation learning: the RPROP algorithm*.
//!
//! Signs must come from the same examples at each step, so it is for full batches. Its steps have their
//! own size: the rate to use is 1.

use crate::moments::sign;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, SettingError, SlotInit, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel,
    UpdaterKernels,
};
use tanren_tensor::{Real, vectorized};

/// Resilient backpropagation, for full batches; usual rate: 1.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
#[setting(also = Self::ordered)]
pub struct Rprop {
    /// η⁻, by which Δ shrinks where the sign changes; in (0, 1).
    #[setting(above = 0, below = 1)]
    pub eta_minus: f64,
    /// η⁺ > 1, by which it grows where the sign stays.
    #[setting(above = 1)]
    pub eta_plus: f64,
    /// Δ at the start.
    #[setting(above = 0)]
    pub initial_step: f64,
    /// The least Δ.
    #[setting(from = 0)]
    pub min_step: f64,
    /// The largest Δ, from the least on.
    #[setting(above = 0)]
    pub max_step: f64,
}

impl Default for Rprop {
    /// The values of PyTorch.
    fn default() -> Self {
        Self { eta_minus: 0.5, eta_plus: 1.2, initial_step: 0.01, min_step: 1e-6, max_step: 50.0 }
    }
}

impl Rprop {
    /// Whether the limits are in order.
    fn ordered(&self) -> Result<(), SettingError> {
        let right = self.max_step >= self.min_step;
        SettingError::unless(right, "max-step", "a finite number from `min-step` on", self.max_step)
    }
}

#[typetag::serde(name = "rprop")]
impl Updater for Rprop {
    fn slots(&self) -> Vec<SlotSpec> {
        let delta = SlotInit::Value(self.initial_step);
        vec![SlotSpec { name: "delta", init: delta }, SlotSpec::zero("sign")]
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Rprop {
    fn update(&self, _: &UpdateAt<'_>, _: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let [delta, last] = slots.array();
        let (shrink, grow) = (T::of(self.eta_minus), T::of(self.eta_plus));
        let (least, most) = (T::of(self.min_step), T::of(self.max_step));
        vectorized(
            #[inline(always)]
            move || {
                // Owned, the limits stay in registers: chosen between behind references, they would be
                // gathered anew for each number.
                for ((p, delta), last) in step.iter_mut().zip(delta).zip(last) {
                    let sign = sign(*p);
                    let agreement = sign * *last;
                    let same = if agreement > T::ZERO { grow } else { T::ONE };
                    let factor = if agreement < T::ZERO { shrink } else { same };
                    *delta = (*delta * factor).max(least).min(most);
                    *last = if agreement < T::ZERO { T::ZERO } else { sign };
                    *p = *last * *delta;
                }
            },
        );
    }
}
