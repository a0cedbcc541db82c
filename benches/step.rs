//! One training step of every workload of `tanren bench`, and the data of an epoch:
//! `cargo bench -p tanren-benches --bench step`.
//!
//! A step is what the loop does: gather a batch, forward, loss, backward, update. One element is
//! one sample. One thread; `tanren bench` measures whole runs on all of them.
#![allow(clippy::unwrap_used, missing_docs)] // benchmarks are tests; the macros make public items

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rayon::ThreadPoolBuilder;
use std::hint::black_box;
use tanren::network::{BatchObjective, Gather, Runner};
use tanren::plugin::{Batches as _, Phase, Stepper};
use tanren::prelude::*;
use tanren::trainer::{Order, RowBatches, State};
use tanren_cli::{WORKLOADS, Workload};

fn steps(c: &mut Criterion) {
    // This thread is all of the pool.
    ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().unwrap();
    WORKLOADS.iter().for_each(|workload| step(c, workload));
    data(c);
}

fn step(c: &mut Criterion, workload: &Workload) {
    let setup = workload.recipe().prepare().unwrap();
    let prepared = setup.prepared::<f32>().unwrap();
    let (network, training) = (&setup.network, &setup.recipe.training);
    let (mut runner, mut gather) = (Runner::new(network), Gather::default());
    let mut stepper = Stepper::new(network.layout());
    let motion = training.motion(network.layout());
    let mut state = State::<f32>::new(network, training, Seed(1));
    let mut batches = setup.rows.train.chunks_exact(workload.batch).cycle();
    let mut group = c.benchmark_group("step");
    group.throughput(Throughput::Elements(workload.batch as u64));
    group.bench_function(workload.name, |b| {
        b.iter(|| {
            let batch = gather.batch(&prepared, batches.next().unwrap());
            let clock = state.clock;
            let mut objective =
                BatchObjective::new(network, &mut runner, batch, clock, Seed(1)).unwrap();
            stepper.sweep(&mut objective, &motion, state.moving());
            state.clock.iteration += 1;
        });
    });
    group.finish();
}

fn data(c: &mut Criterion) {
    let data = DataSpec::new(Digits {}, RandomSplit::default()).normalize(MinMax::default());
    let network = NetworkSpec::chain([Dense::new(10).into()]).loss(CrossEntropy::default());
    let training = TrainingSpec::new(LearningRate::constant(0.01));
    let setup = Recipe::new(data, network, training).prepare().unwrap();
    let prepared = setup.prepared::<f32>().unwrap();
    let at = (Seed(1), Phase::Training);
    let mut batches = RowBatches::new(&prepared, &setup.rows.train, 32, Order::Shuffled, at);
    let mut epoch = 0;
    let mut group = c.benchmark_group("data");
    group.throughput(Throughput::Elements(setup.rows.train.len() as u64));
    group.bench_function("shuffle_and_gather_digits", |b| {
        b.iter(|| {
            epoch += 1;
            for i in 0..batches.per_epoch() {
                batches.load(epoch, i);
                black_box(batches.batch());
            }
        });
    });
    group.finish();
}

criterion_group!(benches, steps);
criterion_main!(benches);
