//! `acme/shake`: w + a for every number, declared for every kind of block. Proves that a noise never gets
//! statistics, whatever it is declared for.

use crate::batch_norm::BatchNorm;
use crate::harness::Toy;
use serde::{Deserialize, Serialize};
use tanren_layers::Dense;
use tanren_losses::Mse;
use tanren_network::{Network, NetworkSpec, Port};
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Aimed, Block, BlockKind, Checked, NoiseKernel, NoiseKernels, On as _, Pass, WeightNoise,
};
use tanren_tensor::{Real, Shape};
use tanren_trainer::TrainingSpec;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shake {}

impl Checked for Shake {}

#[typetag::serde(name = "acme/shake")]
impl WeightNoise for Shake {
    fn kinds(&self) -> &[BlockKind] {
        BlockKind::ALL
    }
    fn kernels(&self) -> NoiseKernels<'_> {
        NoiseKernels::of(self)
    }
}

impl<T: Real> NoiseKernel<T> for Shake {
    fn disturb(&self, _: &Pass<'_, T>, block: &Block, weights: &mut [T]) {
        assert_ne!(block.kind, BlockKind::Statistic);
        weights.iter_mut().for_each(|w| *w += T::of(0.01));
    }
    fn differentiate(&self, _: &Pass<'_, T>, _: &Block, _: &mut [T]) {}
}

fn spec(noise: Aimed<dyn WeightNoise>) -> NetworkSpec {
    let layers = [Dense::new(3).into(), BatchNorm::default().into(), Dense::new(2).into()];
    let mut spec = NetworkSpec::chain(layers).loss(Mse {});
    spec.noise.push(noise);
    spec
}

#[test]
fn no_noise_gets_statistics() {
    let toy = Toy::new((5, 1), &[Shape::vector(3)], &[Shape::vector(2)]);
    let network = toy.network(&spec(Shake {}.into()));
    assert!(!network.layout().statistics().is_empty());
    toy.train(&network, &TrainingSpec::new(LearningRate::constant(0.1)), 3);
}

#[test]
fn an_aim_at_nothing_but_statistics_is_refused() {
    let aimed = spec(Shake {}.on(BlockKind::Statistic));
    let ports = [("x", 3), ("t", 2)].map(|(name, n)| [Port::new(name, Shape::vector(n))]);
    let said = Network::assemble(&aimed, &ports[0], &ports[1]).unwrap_err().to_string();
    assert!(said.contains("network.noise[0].on") && said.contains("statistics"), "{said}");
}
