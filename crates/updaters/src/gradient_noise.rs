//! `gradient-noise`: p ← p + σₜn, with σₜ² = η/(1 + t)^γ.
//!
//! p step; n normal numbers of mean 0 and variance 1, others for each parameter and update; t = 0, 1, …
//! counts the updates. Source: Neelakantan and others (2015), *Adding gradient noise improves learning
//! for very deep networks*, where η is 0.01, 0.3 or 1 and γ is 0.55. It stands in front of the updaters
//! that remember steps, and behind clipping.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels};
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
}

impl Default for GradientNoise {
    /// The smallest noise of the paper.
    fn default() -> Self {
        Self { eta: 0.01, gamma: 0.55 }
    }
}

#[typetag::serde(name = "gradient-noise")]
impl Updater for GradientNoise {
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for GradientNoise {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], _: Slots<'_, T>, step: &mut [T]) {
        let t = at.clock.iteration;
        let sigma = T::of((self.eta / (1.0 + t as f64).powf(self.gamma)).sqrt());
        let stream = at.seed.stream_at("gradient-noise", at.clock);
        let draws = stream.at(at.clock.phase.coordinate(), at.place as u64).sample(t);
        draws.map_normals_from(at.first as u64, step, |p, n| sigma.mul_add(n, p));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tanren_plugin::{ClipCounter, Clock, Layout, Seed};
    use tanren_tensor::norm;

    fn noise(
        updater: &GradientNoise,
        iteration: u64,
        seed: Seed,
        (first, place): (usize, usize),
    ) -> Vec<f64> {
        let layout = Layout::default();
        let clock = Clock { iteration, ..Clock::default() };
        let (layout, clips) = (&layout, &ClipCounter::default());
        let at = UpdateAt { clock, rate: 0.1, seed, first, block: None, layout, place, clips };
        let mut step = vec![0.0_f64; 100_000];
        updater.update(&at, &[], [].into_iter().collect(), &mut step);
        step
    }

    #[test]
    fn its_variance_is_that_of_the_paper() {
        let updater = GradientNoise { eta: 0.3, ..GradientNoise::default() };
        for t in [0_u64, 1, 99, 10_000] {
            let noise = noise(&updater, t, Seed(1), (0, 0));
            let (n, variance) = (noise.len() as f64, 0.3 / (1.0 + t as f64).powf(0.55));
            let ratio = norm(&noise).powi(2) / n / variance;
            assert!((ratio - 1.0).abs() < 0.02, "{ratio}");
            let mean = noise.iter().sum::<f64>() / n;
            assert!(mean.abs() < 0.02 * variance.sqrt(), "{mean}");
        }
    }

    #[test]
    fn it_differs_by_update_place_chain_and_seed_alone() {
        let updater = GradientNoise::default();
        let first = noise(&updater, 0, Seed(1), (0, 0));
        assert_eq!(first, noise(&updater, 0, Seed(1), (0, 0)));
        assert_eq!(first[77..], noise(&updater, 0, Seed(1), (77, 0))[..first.len() - 77]);
        assert_ne!(first, noise(&updater, 1, Seed(1), (0, 0)));
        assert_ne!(first, noise(&updater, 0, Seed(2), (0, 0)));
        assert_ne!(first, noise(&updater, 0, Seed(1), (0, 1)), "another one of the same chain");
    }
}
