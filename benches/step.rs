//! One training step and its largest parts: `cargo bench`.
//!
//! Sizes stand in the names. Data are made outside the timed closures, seeds are fixed.
#![allow(clippy::unwrap_used, missing_docs)] // benchmarks are tests; the macros make public items

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use tanren::network::{BatchObjective, Gather, Runner};
use tanren::plugin::{Clock, Phase, Seed};
use tanren::prelude::*;
use tanren::tensor::{Write, gemm, mat, mat_mut, transposed};
use tanren::trainer::{Order, RowBatches, State, Stepper};

/// The three products of a dense layer, 784 → 500 at batch 32.
fn products(c: &mut Criterion) {
    let (inputs, units, batch) = (784, 500, 32);
    let numbers = |n: usize| (0..n).map(|i| (i as f32 * 0.37).sin()).collect::<Vec<f32>>();
    let (w, x, dy) = (numbers(units * inputs), numbers(inputs * batch), numbers(units * batch));
    let (mut y, mut dw, mut dx) = (dy.clone(), w.clone(), x.clone());
    let mut group = c.benchmark_group("gemm_784x500_b32");
    group.throughput(Throughput::Elements((2 * inputs * units * batch) as u64)); // = FLOP
    let (w, x, dy) = (mat(&w, units, inputs), mat(&x, inputs, batch), mat(&dy, units, batch));
    group.bench_function("forward", |b| {
        b.iter(|| gemm(Write::Overwrite, w, black_box(x), mat_mut(&mut y, units, batch)));
    });
    group.bench_function("weight_gradient", |b| {
        let xt = transposed(x);
        b.iter(|| gemm(Write::Overwrite, black_box(dy), xt, mat_mut(&mut dw, units, inputs)));
    });
    group.bench_function("input_gradient", |b| {
        let wt = transposed(w);
        b.iter(|| gemm(Write::Overwrite, wt, black_box(dy), mat_mut(&mut dx, inputs, batch)));
    });
    group.finish();
}

/// A whole step on digits, 64-64-32-10 at batch 32 with Nesterov and L2.
fn step(c: &mut Criterion) {
    let data = DataSpec::new(Digits {}, RandomSplit::default()).normalize(MinMax::default());
    let relu = |units| Dense::new(units).activation(Relu {}).init(HeNormal {}).into();
    let network = NetworkSpec::chain([relu(64), relu(32), Dense::new(10).into()])
        .loss(CrossEntropy {})
        .penalty(L2 { strength: 1e-4 });
    let training =
        TrainingSpec::new(LearningRate::constant(0.01)).updater(Nesterov { momentum: 0.9 });
    let setup = Recipe::new(data, network, training).prepare().unwrap();
    let prepared = setup.prepared::<f32>().unwrap();
    let (network, training) = (&setup.network, &setup.recipe.training);
    let (mut runner, mut gather) = (Runner::new(network), Gather::default());
    let mut stepper = Stepper::new(network.layout());
    let mut state = State::<f32>::new(network, training, Seed(1));
    let rows = &setup.rows.train[..32];
    let mut group = c.benchmark_group("step");
    group.throughput(Throughput::Elements(32)); // = samples
    group.bench_function("digits_64-64-32-10_b32_nesterov", |b| {
        b.iter(|| {
            let batch = gather.batch(&prepared, rows);
            let clock = Clock::default();
            let mut objective =
                BatchObjective::new(network, &mut runner, batch, clock, Seed(1)).unwrap();
            let at = stepper.evaluate(&mut objective, training, &state, false);
            stepper.advance(&mut objective, at, training, &[], &mut state)
        });
    });
    let at = (Seed(1), Phase::FineTuning);
    group.bench_function("shuffle_and_gather_digits_epoch", |b| {
        b.iter_batched_ref(
            || RowBatches::new(&prepared, &setup.rows.train, 32, Order::Shuffled, at),
            |batches| {
                use tanren::plugin::Batches as _;
                (0..batches.per_epoch()).map(|i| batches.batch(0, i).extent.examples).sum::<usize>()
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, products, step);
criterion_main!(benches);
