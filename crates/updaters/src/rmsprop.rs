//! `rmsprop`: v ← αv + (1 − α)p²;  p ← p / (√v + ε), and momentum: b ← μb + p;  p ← b.
//!
//! p step, v moving average of its square, b velocity (both 0 at the start). Centred, v is the moving
//! variance E[p²] − E[p]², with the mean m: d = p − m;  m ← m + (1 − α)d;  v ← α(v + (1 − α)d²), which
//! is the same number, but cannot fall below 0 by rounding. Sources: Tieleman, Hinton (2012), *Lecture
//! 6.5: RMSProp*; centred: Graves (2013), *Generating sequences with recurrent neural networks*. ε
//! stands outside the root, as in PyTorch.

use crate::moments::{Average, bounded, positive, square};
use crate::momentum::accelerate;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, Scheduled, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::{Real, vectorized};

/// Divides by the root of a moving average of squares; usual rate: 0.01.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct RmsProp {
    /// α, decay of the averages; in [0, 1).
    #[setting(from = 0, below = 1)]
    pub alpha: f64,
    /// ε > 0, keeps the quotient finite.
    #[setting(above = 0)]
    pub epsilon: f64,
    /// μ, the share of the velocity that is kept; a number or a schedule, in [0, 1). With 0 there is none.
    #[setting(from = 0, below = 1)]
    pub momentum: Scheduled,
    /// Whether to divide by the standard deviation instead of the root mean square.
    pub centered: bool,
}

impl Default for RmsProp {
    /// The values of PyTorch.
    fn default() -> Self {
        Self { alpha: 0.99, epsilon: 1e-8, momentum: 0.0.into(), centered: false }
    }
}

#[typetag::serde(name = "rmsprop")]
impl Updater for RmsProp {
    /// The velocity comes last, where there is one, and the mean before it.
    fn slots(&self) -> Vec<SlotSpec> {
        let mut slots = vec![SlotSpec::zero("v")];
        slots.extend(self.centered.then_some(SlotSpec::zero("mean")));
        slots.extend((!self.momentum.is_zero()).then_some(SlotSpec::zero("velocity")));
        slots
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl RmsProp {
    fn plain<T: Real>(&self, v: &mut [T], step: &mut [T]) {
        let (average, epsilon) = (Average::<T>::new(self.alpha), positive::<T>(self.epsilon));
        vectorized(
            #[inline(always)]
            || {
                for (p, v) in step.iter_mut().zip(v) {
                    let bounded = bounded(*p);
                    *v = average.with(*v, square(bounded));
                    *p = bounded / (v.sqrt() + epsilon);
                }
            },
        );
    }

    fn centered<T: Real>(&self, [v, mean]: [&mut [T]; 2], step: &mut [T]) {
        let (alpha, epsilon) = (T::of(self.alpha), positive::<T>(self.epsilon));
        let share = T::of(1.0 - self.alpha);
        vectorized(
            #[inline(always)]
            || {
                for ((p, v), mean) in step.iter_mut().zip(v).zip(mean) {
                    let bounded = bounded(*p);
                    let d = bounded - *mean;
                    *mean = share.mul_add(d, *mean).or_zero(T::TINY);
                    *v = (alpha * share.mul_add(square(d), *v)).or_zero(T::TINY);
                    *p = bounded / (v.sqrt() + epsilon);
                }
            },
        );
    }
}

impl<T: Real> UpdaterKernel<T> for RmsProp {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        match (self.centered, !self.momentum.is_zero()) {
            (false, false) => {
                let [v] = slots.array();
                self.plain(v, step);
            }
            (false, true) => {
                let [v, velocity] = slots.array();
                self.plain(v, step);
                accelerate(self.momentum.at(at.clock), velocity, step);
            }
            (true, false) => self.centered(slots.array(), step),
            (true, true) => {
                let [v, mean, velocity] = slots.array();
                self.centered([v, mean], step);
                accelerate(self.momentum.at(at.clock), velocity, step);
            }
        }
    }
}
