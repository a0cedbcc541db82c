//! Activations, losses and updaters: `cargo bench -p tanren-benches --bench elementwise`.
//!
//! Of 16,384 numbers, which stay in the second cache; of the updaters, whole chains over the
//! parameters of the guide's network, 784-500-250-10, which do not. One element is one number. One
//! thread.
#![allow(clippy::unwrap_used, missing_docs)] // benchmarks are tests; the macros make public items

mod given;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use given::Given;
use std::hint::black_box;
use tanren::plugin::{Activation, Aimed, Grads, Params, Precision, Stepper, Updater};
use tanren::prelude::*;
use tanren::tensor::{Signal, SignalMut};
use tanren::trainer::State;
use tanren_cli::WORKLOADS;

const LEN: usize = 1 << 14;

fn activation<T: Precision>(c: &mut Criterion, name: &str, activation: &dyn Activation) {
    let x: Vec<T> = (0..LEN).map(|i| T::of((i as f64 * 0.37).sin() * 4.0)).collect();
    let mut y = x.clone();
    let kernel = activation.kernels().at::<T>();
    let params = Params::new(&[], &[]);
    kernel.forward(params, &mut SignalMut::new(&mut y, 1));
    let mut group = c.benchmark_group(format!("{name}_{}", T::NAME));
    group.throughput(Throughput::Elements(LEN as u64));
    group.bench_function("apply", |b| {
        b.iter_batched_ref(
            || x.clone(),
            |x| kernel.forward(params, &mut SignalMut::new(black_box(x), 1)),
            BatchSize::LargeInput,
        );
    });
    group.bench_function("differentiate", |b| {
        // Made anew, else it would decay into subnormal numbers.
        let make = || vec![T::ONE; LEN];
        b.iter_batched_ref(
            make,
            |dy| {
                let (x, y) = (Signal::new(&x, 1), Signal::new(black_box(&y), 1));
                kernel.backward(params, x, y, &mut SignalMut::new(dy, 1), Grads::unwanted(&[]));
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

fn activations(c: &mut Criterion) {
    let all: [(&str, &dyn Activation); 4] = [
        ("relu", &Relu {}),
        ("leaky-relu", &LeakyRelu::default()),
        ("sigmoid", &Sigmoid {}),
        ("tanh", &Tanh {}),
    ];
    for (name, plugin) in all {
        activation::<f32>(c, name, plugin);
        activation::<f64>(c, name, plugin);
    }
}

fn updaters(c: &mut Criterion) {
    let setup = WORKLOADS[2].recipe().prepare().unwrap();
    let layout = setup.network.layout();
    let mut group = c.benchmark_group("update_784-500-250-10");
    group.throughput(Throughput::Elements(layout.trainable() as u64));
    let chains: [(&str, Vec<Aimed<dyn Updater>>); 4] = [
        ("momentum", vec![Momentum { momentum: 0.9.into() }.into()]),
        ("nesterov", vec![Nesterov { momentum: 0.9.into() }.into()]),
        ("adam", vec![Adam::default().into()]),
        ("nesterov_adam", vec![Nesterov { momentum: 0.9.into() }.into(), Adam::default().into()]),
    ];
    for (name, updaters) in chains {
        let training = TrainingSpec { updaters, ..setup.recipe.training.clone() };
        let mut state = State::<f32>::new(&setup.network, &training, Seed(1));
        let motion = training.motion(layout);
        let mut given = Given::new(layout, vec![1e-3; layout.len()]);
        let mut stepper = Stepper::new(layout);
        group.bench_function(name, |b| {
            b.iter(|| stepper.sweep(black_box(&mut given), &motion, state.moving()));
        });
    }
    group.finish();
}

criterion_group!(benches, activations, updaters);
criterion_main!(benches);
