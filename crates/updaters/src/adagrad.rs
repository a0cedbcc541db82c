//! `adagrad`: G ← G + p²;  p ← p / (√G + ε).
//!
//! p step, G sum of its squares. Source: Duchi, Hazan, Singer (2011), *Adaptive subgradient methods
//! for online learning and stochastic optimization*, with a diagonal matrix. ε stands outside the
//! root and G starts at 0, as in PyTorch; a rate that falls is a matter of the schedule.

use crate::moments::{bounded, positive, square};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, SlotInit, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::{Real, vectorized};

/// Divides by the root of the sum of all squares so far; usual rate: 0.01.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Adagrad {
    /// What the sum of squares starts at, from 0 on.
    #[setting(from = 0)]
    pub initial_accumulator: f64,
    /// ε > 0, keeps the quotient finite.
    #[setting(above = 0)]
    pub epsilon: f64,
}

impl Default for Adagrad {
    /// The values of PyTorch.
    fn default() -> Self {
        Self { initial_accumulator: 0.0, epsilon: 1e-10 }
    }
}

#[typetag::serde(name = "adagrad")]
impl Updater for Adagrad {
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec { name: "sum", init: SlotInit::Value(self.initial_accumulator) }]
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Adagrad {
    fn update(&self, _: &UpdateAt<'_>, _: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let [sum] = slots.array();
        let epsilon = positive::<T>(self.epsilon);
        vectorized(
            #[inline(always)]
            || {
                for (p, sum) in step.iter_mut().zip(sum) {
                    let bounded = bounded(*p);
                    *sum += square(bounded);
                    *p = bounded / (sum.sqrt() + epsilon);
                }
            },
        );
    }
}
