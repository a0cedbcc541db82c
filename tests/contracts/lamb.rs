//! `acme/trust-ratio`: p ← p · ‖θ‖ / ‖p‖, block by block, last in a chain: Adam and this are LAMB.
//!
//! θ parameters of a block, p its step; a norm of 0 leaves the step as it is. Source: You and
//! others (2020), *Large batch optimization for deep learning*, with φ the identity. Proves that
//! block updaters chain with element ones, and see the parameters.

use crate::harness::{SEED, Toy};
use serde::{Deserialize, Serialize};
use tanren_layers::{Dense, Tanh};
use tanren_losses::Mse;
use tanren_network::NetworkSpec;
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Checked, Plugin, Scope, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::{Real, Shape, norm};
use tanren_testkit as testkit;
use tanren_trainer::TrainingSpec;
use tanren_updaters::Adam;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrustRatio {}

impl Checked for TrustRatio {}

#[typetag::serde(name = "acme/trust-ratio")]
impl Updater for TrustRatio {
    fn scope(&self) -> Scope {
        Scope::Block
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for TrustRatio {
    fn update(&self, _: &UpdateAt<'_>, parameters: &[T], _: Slots<'_, T>, step: &mut [T]) {
        let (theta, p) = (norm(parameters), norm(step));
        if theta > 0.0 && p > 0.0 {
            step.iter_mut().for_each(|s| *s = T::of(s.f64() / p * theta));
        }
    }
}

#[test]
fn conforms() {
    testkit::updater(&TrustRatio {});
    testkit::round_trip(&Plugin::<dyn Updater>::from(TrustRatio {}));
}

#[test]
fn steps_are_as_long_as_the_rate_says() {
    let toy = Toy::new((9, 1), &[Shape::vector(5)], &[Shape::vector(3)]);
    let layers = [Dense::new(4).activation(Tanh {}).into(), Dense::new(3).into()];
    let network = toy.network(&NetworkSpec::chain(layers).loss(Mse {}));
    let rate = LearningRate::constant(0.02);
    let training = TrainingSpec::new(rate).updater(Adam::default()).updater(TrustRatio {});
    let before: Vec<f64> = network.initialize(SEED);
    let (after, _) = toy.train(&network, &training, 1);
    for block in network.layout().blocks() {
        let range = block.range.clone();
        let theta = norm(&before[range.clone()]);
        let step: Vec<f64> = range.map(|i| after.parameters[i] - before[i]).collect();
        if theta > 0.0 {
            assert!((norm(&step) - 0.02 * theta).abs() < 1e-14, "{}", block.path());
        } else {
            // Biases start at 0, where Adam's first step is that of a sign.
            assert!(step.iter().all(|s| (s.abs() - 0.02).abs() < 1e-6), "{}", block.path());
        }
    }
    let (_, steps) = toy.train(&network, &training, 200);
    assert!(steps[199].0 < 0.5 * steps[0].0, "{} to {}", steps[0].0, steps[199].0);
}
