//! Muon is an updater of whole blocks: the steps of weights are matrices with singular values near 1.
//!
//! Proves block scope: an updater that sees a matrix whole, with its kind, rows and columns.

use crate::harness::Toy;
use tanren_layers::{Dense, Tanh};
use tanren_losses::Mse;
use tanren_network::NetworkSpec;
use tanren_optimizers::LearningRate;
use tanren_plugin::BlockKind;
use tanren_tensor::Shape;
use tanren_tensor::nalgebra::DMatrix;
use tanren_trainer::TrainingSpec;
use tanren_updaters::Muon;

#[test]
fn steps_of_weights_are_nearly_orthogonal() {
    let toy = Toy::new((9, 1), &[Shape::vector(5)], &[Shape::vector(3)]);
    let layers = [Dense::new(4).activation(Tanh {}).into(), Dense::new(3).into()];
    let network = toy.network(&NetworkSpec::chain(layers).loss(Mse {}));
    let training = TrainingSpec::new(LearningRate::constant(0.05)).updater(Muon::default());
    let before: Vec<f64> = network.initialize(crate::harness::SEED);
    let (after, _) = toy.train(&network, &training, 1);
    for block in network.layout().blocks().iter().filter(|b| b.kind == BlockKind::Weight) {
        let step = block.range.clone().map(|i| (after.parameters[i] - before[i]) / 0.05);
        let step = DMatrix::from_iterator(block.rows, block.cols, step);
        let scale = (block.rows as f64 / block.cols as f64).max(1.0).sqrt();
        for s in step.singular_values().iter() {
            assert!((0.4..1.6).contains(&(s / scale)), "{}: {s}", block.path());
        }
    }
    let (_, steps) = toy.train(&network, &training, 60);
    assert!(steps[59].0 < 0.5 * steps[0].0, "{} to {}", steps[0].0, steps[59].0);
}
