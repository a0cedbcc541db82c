//! A training step over a segment of sequences, with recurrent layers and others along the steps:
//! `cargo bench -p tanren-benches --bench recurrent`.
//!
//! A model of characters, as `lstm_char_h128` and its kin among the workloads of other libraries: 64 levels
//! go in, a dense layer predicts the next one, or one for a whole sequence. 32 sequences, 50 steps of each;
//! the state is carried from segment to segment. RMSProp, gradients clipped at 1. One element is one
//! character; on one thread, and on as many as the machine has.
#![allow(clippy::unwrap_used, missing_docs)] // benchmarks are tests; the macros make public items

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::thread::available_parallelism;
use tanren::layers::{
    Bidirectional, CausalConvolution, Embedding, Gru, LastStep, Lstm, Repeat, Reverse, Rnn,
    TimePooling,
};
use tanren::network::{BatchObjective, CarryBuffers, Network, NetworkSpec, Port, Runner};
use tanren::plugin::{Batch, Clock, Layer, Plugin, Ports, Seed, Segment, Stepper};
use tanren::prelude::*;
use tanren::tensor::{Extent, Indices, Input, Shape};
use tanren::trainer::State;
use tanren::updaters::{ClipValue, RmsProp};

const LEVELS: usize = 64;
const EXTENT: Extent = Extent { examples: 32, steps: 50 };

/// Layers between the characters and the dense layer.
fn networks() -> Vec<(&'static str, Vec<Plugin<dyn Layer>>)> {
    let embedding = || Embedding::new(64).into();
    let convolution = |dilation| {
        CausalConvolution::new(128, 3).dilation(dilation).activation(Relu {}).init(HeNormal {})
    };
    vec![
        ("rnn_char_h128", vec![Rnn::new(128).into()]),
        ("gru_char_h128", vec![Gru::new(128).into()]),
        ("gru_before_char_h128", vec![Gru::new(128).reset_before().into()]),
        ("lstm_char_h128", vec![Lstm::new(128).into()]),
        ("lstm_norm_char_h128", vec![Lstm::new(128).with_layer_norm().into()]),
        ("lstm_dropout_char_h128", vec![Lstm::new(128).recurrent_dropout(0.25).into()]),
        ("lstm_char_h256x2", vec![Lstm::new(256).into(), Lstm::new(256).into()]),
        ("embedding_char_64", vec![embedding()]),
        ("embedding_lstm_char_h128", vec![embedding(), Lstm::new(128).into()]),
        (
            "bidirectional_lstm_char_h64",
            vec![embedding(), Bidirectional::new(Lstm::new(64)).into()],
        ),
        (
            "causal_convolution_char_128x3",
            vec![embedding(), convolution(1).into(), convolution(2).into(), convolution(4).into()],
        ),
        (
            "reverse_gru_char_h128",
            vec![embedding(), Reverse {}.into(), Gru::new(128).into(), Reverse {}.into()],
        ),
        ("last_step_lstm_char_h128", vec![Lstm::new(128).into(), LastStep {}.into()]),
        ("time_pooling_lstm_char_h128", vec![Lstm::new(128).into(), TimePooling::default().into()]),
        (
            "repeat_gru_char_h128",
            vec![Gru::new(128).into(), LastStep {}.into(), Repeat {}.into(), Gru::new(128).into()],
        ),
    ]
}

fn segments(c: &mut Criterion) {
    for threads in [1, available_parallelism().map_or(1, usize::from)] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        for (name, layers) in networks() {
            segment(c, &format!("{name}/{threads}"), &layers, &pool);
        }
    }
}

/// Whether the layers make a sequence of a sequence.
fn sequential(layers: &[Plugin<dyn Layer>], input: Shape) -> bool {
    layers.iter().fold(input, |shape, layer| layer.output(&[shape]).unwrap()).sequence
}

fn segment(c: &mut Criterion, name: &str, layers: &[Plugin<dyn Layer>], pool: &ThreadPool) {
    let levels = Shape { sequence: true, ..Shape::index(LEVELS) };
    let next = Shape { sequence: sequential(layers, levels), ..levels };
    let head = [Plugin::from(Dense::new(LEVELS))];
    let spec = NetworkSpec::chain(layers.iter().cloned().chain(head));
    let spec = spec.loss(CrossEntropy::default());
    let network =
        Network::assemble(&spec, &[Port::new("x", levels)], &[Port::new("y", next)]).unwrap();
    let training = TrainingSpec::new(LearningRate::constant(1e-3))
        .updater(ClipValue::default())
        .updater(RmsProp::default());
    let motion = training.motion(network.layout());
    let mut state = State::<f32>::new(&network, &training, Seed(1));
    let (mut runner, mut stepper) = (Runner::new(&network), Stepper::new(network.layout()));
    let mut carries = CarryBuffers::new(&network, EXTENT.examples);
    let mut draws = Seed(1).stream("characters").sample(0);
    let mut characters =
        |count| (0..count).map(|_| (draws.uniform() * LEVELS as f64) as u32).collect::<Vec<_>>();
    let (x, y) = (characters(EXTENT.columns(levels)), characters(EXTENT.columns(next)));
    let samples: Vec<u64> = (0..EXTENT.examples as u64).collect();
    let input = |data| {
        [Input::Indices(Indices { data, levels: LEVELS })].into_iter().collect::<Ports<'_, f32>>()
    };
    let segment = Some(Segment::new(EXTENT.steps, EXTENT.steps));
    let batch =
        Batch { inputs: input(&x), targets: input(&y), segment, ..Batch::new(EXTENT, &samples) };
    let mut group = c.benchmark_group("segment");
    group.throughput(Throughput::Elements(EXTENT.columns(levels) as u64));
    group.bench_function(name, |b| {
        let mut step = || {
            let clock = Clock { iteration: state.clock.iteration, ..Clock::default() };
            let objective =
                BatchObjective::new(&network, &mut runner, batch, clock, Seed(1)).unwrap();
            let mut objective = objective.segment(&mut carries, EXTENT.steps);
            stepper.sweep(&mut objective, &motion, state.moving());
            carries.commit();
            state.clock.iteration += 1;
        };
        b.iter(|| pool.install(&mut step));
    });
    group.finish();
}

criterion_group!(benches, segments);
criterion_main!(benches);
