//! `gradient-noise`: p ← p + σₜn, with σₜ² = η/(1 + t)^γ.
//!
//! p step; n normal numbers of mean 0 and variance 1, others for each parameter and update; t = 0, 1, …
//! counts the updates. Source: Neelakantan and others (2015), *Adding gradient noise improves learning
//! for very deep networks*, where η is 0.01, 0.3 or 1 and γ is 0.55. It stands in front of the updaters
//! that remember steps, and behind clipping.

use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, Scope, Seed, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::Real;

/// Adds normal noise, which fades, to each step.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct GradientNoise {
    /// η ≥ 0, the variance of the noise of the first update.
    #[setting(from = 0)]
    pub eta: f64,
    /// γ ≥ 0, how fast it fades.
    #[setting(from = 0)]
    pub gamma: f64,
    /// Which numbers are drawn. The seed of the run does not change them.
    pub seed: Seed,
}

impl Default for GradientNoise {
    /// The smallest noise of the paper.
    fn default() -> Self {
        Self { eta: 0.01, gamma: 0.55, seed: Seed::default() }
    }
}

#[typetag::serde(name = "gradient-noise")]
impl Updater for GradientNoise {
    /// A block, because a number has to know its place.
    fn scope(&self) -> Scope {
        Scope::Block
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for GradientNoise {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], _: Slots<'_, T>, step: &mut [T]) {
        let t = at.clock.iteration;
        let sigma = T::of((self.eta / (1.0 + t as f64).powf(self.gamma)).sqrt());
        let place = at.block.map_or(0, |block| block.range.start as u64);
        let stream = self.seed.stream("gradient-noise").at(at.clock.phase.coordinate(), place);
        stream.sample(t).map_normals(step, |p, n| sigma.mul_add(n, p));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tanren_plugin::{Clock, Layout};
    use tanren_tensor::norm;

    fn noise(updater: &GradientNoise, iteration: u64, n: usize) -> Vec<f64> {
        let layout = Layout::vector(n);
        let clock = Clock { iteration, ..Clock::default() };
        let at = UpdateAt { clock, rate: 0.1, block: layout.blocks().first(), layout: &layout };
        let mut step = vec![0.0_f64; n];
        updater.update(&at, &[], [].into_iter().collect(), &mut step);
        step
    }

    #[test]
    fn its_variance_is_that_of_the_paper() {
        let (updater, n) = (GradientNoise { eta: 0.3, ..GradientNoise::default() }, 100_000);
        for t in [0_u64, 1, 99, 10_000] {
            let noise = noise(&updater, t, n);
            let variance = 0.3 / (1.0 + t as f64).powf(0.55);
            let ratio = norm(&noise).powi(2) / n as f64 / variance;
            assert!((ratio - 1.0).abs() < 0.02, "{ratio}");
            let mean = noise.iter().sum::<f64>() / n as f64;
            assert!(mean.abs() < 0.02 * variance.sqrt(), "{mean}");
        }
    }

    #[test]
    fn it_differs_by_update_and_seed_alone() {
        let updater = GradientNoise::default();
        let first = noise(&updater, 0, 70);
        assert_eq!(first, noise(&updater, 0, 70));
        assert_ne!(first, noise(&updater, 1, 70));
        assert_ne!(first, noise(&GradientNoise { seed: Seed(1), ..updater }, 0, 70));
    }
}
