//! Recurrent layers and others along the steps of a sequence inside networks: gradients, memory, segments.

use crate::carry::{check_segments, toy};
use crate::harness::{Toy, same};
use tanren_layers::{
    Bidirectional, CausalConvolution, Dense, Gru, LastStep, Lstm, Reverse, Rnn, Tanh, TimePooling,
};
use tanren_losses::{L2, Mse};
use tanren_network::{Network, NetworkSpec};
use tanren_optimizers::LearningRate;
use tanren_plugin::{Layer, Plugin};
use tanren_tensor::Shape;
use tanren_trainer::{TrainingSpec, on_threads};

/// Layers that carry something on from segment to segment.
fn carrying() -> [Plugin<dyn Layer>; 9] {
    [
        Rnn::new(3).into(),
        Gru::new(3).into(),
        Gru::new(3).reset_before().into(),
        Lstm::new(3).into(),
        Lstm::new(3).with_peepholes().into(),
        Lstm::new(3).recurrent_dropout(0.4).into(),
        Gru::new(3).reset_before().recurrent_dropout(0.4).into(),
        CausalConvolution::new(3, 3).activation(Tanh {}).into(),
        CausalConvolution::new(3, 2).dilation(3).into(),
    ]
}

fn network(toy: &Toy, layers: impl IntoIterator<Item = Plugin<dyn Layer>>) -> Network {
    toy.network(&NetworkSpec::chain(layers).loss(Mse {}).penalty(L2::default()))
}

/// Sequences of several lengths, between other layers, one on top of the other, and in both directions.
#[test]
fn gradients_and_memory_in_networks() {
    let toy = toy();
    for layer in carrying() {
        let both = Bidirectional::new(layer.clone());
        let within = Bidirectional::new(both.clone()).into();
        for layer in [layer.clone(), both.into(), within] {
            let layers = [Dense::new(3).into(), layer.clone(), layer, Dense::new(2).into()];
            let network = network(&toy, layers);
            toy.check_gradient(&network);
            toy.check_memory(&network);
        }
    }
}

/// A vector is made of a sequence: of its last step, of its first, and of all.
#[test]
fn sequences_become_vectors() {
    let toy = Toy::new((3, 6), &[Shape::sequence(3)], &[Shape::vector(2)]).ragged(&[6, 2, 5]);
    let ends: [Vec<Plugin<dyn Layer>>; 3] = [
        vec![LastStep {}.into()],
        vec![Reverse {}.into(), LastStep {}.into()],
        vec![TimePooling::default().into()],
    ];
    for end in ends {
        let layers = [Gru::new(3).into()].into_iter().chain(end).chain([Dense::new(2).into()]);
        let network = network(&toy, layers);
        toy.check_gradient(&network);
        toy.check_memory(&network);
    }
}

/// Layers whose products are large enough for threads to share them.
#[test]
fn threads_change_nothing() {
    let toy = Toy::new((40, 3), &[Shape::sequence(64)], &[Shape::sequence(2)]);
    let training = TrainingSpec::new(LearningRate::constant(0.1));
    let wide: [Plugin<dyn Layer>; 6] = [
        CausalConvolution::new(96, 3).into(),
        Lstm::new(96).into(),
        Lstm::new(96).with_layer_norm().with_peepholes().into(),
        Gru::new(96).with_layer_norm().into(),
        Gru::new(96).into(),
        Bidirectional::new(Gru::new(96).reset_before()).into(),
    ];
    for layer in wide {
        let network = network(&toy, [layer, Dense::new(2).into()]);
        let run = |threads| {
            let work = || toy.train(&network, &training, 2).0.parameters;
            on_threads(threads, work).unwrap()
        };
        let one = run(1);
        [2, 3, 8].into_iter().for_each(|threads| same(&run(threads), &one));
    }
}

#[test]
fn segments_are_one_long_sequence() {
    let toy = toy();
    for layer in carrying() {
        check_segments(&toy, &network(&toy, [layer, Dense::new(2).into()]));
    }
}
