//! The peak speed of this machine: that of a large matrix product, measured now.

use std::hint::black_box;
use std::time::{Duration, Instant};
use tanren_tensor::{Write, gemm, mat, mat_mut};
use tanren_trainer::{TrainError, on_threads};

/// How long the peak is measured.
const LONG: Duration = Duration::from_millis(300);

/// GFLOP/s of `gemm` on 1024 × 1024 × 1024 in single precision on this many threads.
pub(super) fn peak(threads: usize) -> Result<f64, TrainError> {
    on_threads(threads, product)
}

/// GFLOP/s of the fastest of many calls.
fn best(flop: f64, mut work: impl FnMut()) -> f64 {
    let (started, mut shortest) = (Instant::now(), f64::INFINITY);
    while started.elapsed() < LONG {
        let before = Instant::now();
        work();
        shortest = shortest.min(before.elapsed().as_secs_f64());
    }
    flop / shortest / 1e9
}

fn product() -> f64 {
    const N: usize = 1024;
    let numbers = |shift: f32| (0..N * N).map(|i| (i as f32 + shift).sin()).collect::<Vec<_>>();
    let (a, b, mut c) = (numbers(0.0), numbers(0.5), vec![0.0_f32; N * N]);
    best(2.0 * (N * N * N) as f64, || {
        gemm(Write::Overwrite, mat(&a, N, N), mat(&b, N, N), mat_mut(&mut c, N, N));
        black_box(&mut c);
    })
}
