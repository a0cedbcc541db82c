//! `nadam`: m ← β₁m + (1 − β₁)p;  v ← β₂v + (1 − β₂)p²;  p ← (μₜ₊₁m̂ + (1 − μₜ)p̂) / (√v̂ + ε).
//!
//! p step; m, v moving averages of p and p² (0 at the start); μₜ = β₁(1 − ½ · 0.96^(tψ)) a momentum
//! that warms up; m̂ = m/(1 − μ₁⋯μₜ₊₁), p̂ = p/(1 − μ₁⋯μₜ), v̂ = v/(1 − β₂ᵗ); t = 1, 2, … counts the
//! updates. Source: Dozat (2016), *Incorporating Nesterov momentum into Adam*, with ψ of PyTorch.

use crate::moments::{Moments, correction, positive};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels};
use tanren_tensor::Real;

/// Adam with Nesterov's momentum; usual rate: 0.002.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Nadam {
    /// β₁, decay of the average of the step; in [0, 1). It has a schedule of its own, and takes no other.
    #[setting(from = 0, below = 1)]
    pub beta1: f64,
    /// β₂, decay of the average of its square; in [0, 1).
    #[setting(from = 0, below = 1)]
    pub beta2: f64,
    /// ε > 0, keeps the quotient finite.
    #[setting(above = 0)]
    pub epsilon: f64,
    /// ψ ≥ 0, how fast the momentum rises from β₁/2 to β₁.
    #[setting(from = 0)]
    pub momentum_decay: f64,
}

impl Default for Nadam {
    /// The values of PyTorch.
    fn default() -> Self {
        Self { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentum_decay: 4e-3 }
    }
}

/// A product of momenta below this is 0 beside 1.
const NOTHING: f64 = 1e-17;

impl Nadam {
    /// μₜ.
    fn momentum(&self, t: f64) -> f64 {
        self.beta1 * (1.0 - 0.5 * 0.96_f64.powf(t * self.momentum_decay))
    }

    /// μ₁⋯μₜ: as many factors as matter. The product is soon nothing beside 1, or the momentum β₁, so
    /// these are at most some thousand, and about seventy with the usual settings.
    fn product(&self, t: f64) -> f64 {
        let rise = 0.96_f64.powf(self.momentum_decay);
        let (mut product, mut i, mut left) = (1.0, 1.0, rise); // left is 0.96^(iψ)
        while i <= t && product > NOTHING {
            let momentum = self.beta1 * (1.0 - 0.5 * left);
            if momentum == self.beta1 {
                return product * self.beta1.powf(t - i + 1.0);
            }
            product *= momentum;
            (i, left) = (i + 1.0, left * rise);
        }
        product
    }
}

#[typetag::serde(name = "nadam")]
impl Updater for Nadam {
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec::zero("m"), SlotSpec::zero("v")]
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Nadam {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let t = at.clock.iteration as f64 + 1.0;
        let (now, next) = (self.momentum(t), self.momentum(t + 1.0));
        let product = self.product(t);
        let m_share = T::of(next / (1.0 - product * next));
        let p_share = T::of((1.0 - now) / (1.0 - product));
        let correction = T::of(correction(self.beta2, t).sqrt());
        let epsilon = positive::<T>(self.epsilon);
        Moments::new(self.beta1, self.beta2).sweep(
            step,
            slots.array(),
            #[inline(always)]
            move |p, m, v| m_share.mul_add(m, p_share * p) / v.sqrt().mul_add(correction, epsilon),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_product_is_that_of_all_factors() {
        for (beta1, momentum_decay) in [(0.9, 4e-3), (0.9, 0.0), (0.9999, 1.0), (0.99, 30.0)] {
            let nadam = Nadam { beta1, momentum_decay, ..Nadam::default() };
            let mut product = 1.0;
            for t in 1..5000 {
                product *= nadam.momentum(f64::from(t));
                assert!((nadam.product(f64::from(t)) - product).abs() < 1e-13);
            }
        }
    }
}
