//! The matrix products of training: `cargo bench -p tanren-benches --bench gemm`.
//!
//! A dense layer of `inputs` → `units` at batch b has three: forward (units × b from inputs), weight
//! gradient (units × inputs from b) and input gradient (inputs × b from units). Sizes stand in the
//! names; one element is one floating point operation, so criterion's Gelem/s are GFLOP/s. One
//! thread; the numbers are fixed.
#![allow(clippy::unwrap_used, missing_docs)] // benchmarks are tests; the macros make public items

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rayon::ThreadPoolBuilder;
use std::hint::black_box;
use tanren::tensor::{
    LeftOperand, Signal, SignalMut, Write, gemm, gemm_stationary, mat, mat_mut, transposed,
};

/// Inputs, units, batch.
const LAYERS: [(usize, usize, usize); 7] = [
    (4, 16, 32),
    (64, 64, 32),
    (784, 500, 32),
    (500, 250, 32),
    (784, 500, 128),
    (1024, 2048, 128),
    (1024, 1024, 1024),
];

fn numbers(n: usize) -> Vec<f32> {
    (0..n).map(|i| (i as f32 * 0.37).sin()).collect()
}

fn layers(c: &mut Criterion) {
    // This thread is all of the pool.
    ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().unwrap();
    LAYERS.into_iter().for_each(|layer| products(c, layer));
}

fn products(c: &mut Criterion, (inputs, units, batch): (usize, usize, usize)) {
    let (w, x, dy) = (numbers(units * inputs), numbers(inputs * batch), numbers(units * batch));
    let (mut y, mut dw, mut dx) = (dy.clone(), w.clone(), x.clone());
    let mut group = c.benchmark_group(format!("gemm_{inputs}-{units}_b{batch}"));
    group.throughput(Throughput::Elements((2 * inputs * units * batch) as u64));
    let (w, x, dy) = (mat(&w, units, inputs), Signal::new(&x, inputs), mat(&dy, units, batch));
    group.bench_function("forward", |b| {
        let mut y = SignalMut::new(&mut y, units);
        b.iter(|| gemm_stationary(Write::Overwrite, w, black_box(x), &mut y));
    });
    group.bench_function("weight_gradient", |b| {
        let mut dw = mat_mut(&mut dw, units, inputs);
        let xt = transposed(x.matrix());
        b.iter(|| LeftOperand::new(black_box(dy)).times(Write::Overwrite, xt, dw.as_view_mut()));
    });
    group.bench_function("input_gradient", |b| {
        let mut dx = mat_mut(&mut dx, inputs, batch);
        b.iter(|| gemm(Write::Overwrite, transposed(w), black_box(dy), dx.as_view_mut()));
    });
    group.finish();
}

criterion_group!(benches, layers);
criterion_main!(benches);
