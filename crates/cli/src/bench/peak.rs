//! The most that can be hoped for: what large products and registers alone reach here and now.

use std::hint::black_box;
use std::time::{Duration, Instant};
use tanren_tensor::{Write, gemm, mat, mat_mut, vectorized};
use tanren_trainer::{TrainError, on_threads};

/// How long to look for a peak.
const LONG: Duration = Duration::from_millis(300);

/// The best of many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Peak {
    /// GFLOP/s of `gemm` on 1024 × 1024 × 1024 in single precision.
    pub(super) gemm: f64,
    /// GFLOP/s of multiplications and additions that touch no memory.
    pub(super) registers: f64,
}

/// Measures both on this many threads.
pub(super) fn peak(threads: usize) -> Result<Peak, TrainError> {
    let gemm = on_threads(threads, product)?;
    let registers = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(registers)).collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).sum()
    });
    Ok(Peak { gemm, registers })
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

/// Sums that do not wait for each other: enough to hide how long one takes.
const SUMS: usize = 12;
const LANES: usize = 16;
const REPEATS: usize = 100_000;

fn registers() -> f64 {
    let (mut sums, factor) = ([[0.5_f32; LANES]; SUMS], black_box([0.999_f32; LANES]));
    best(2.0 * (SUMS * LANES * REPEATS) as f64, || {
        vectorized(|| turn(&mut sums, &factor));
        black_box(&mut sums);
    })
}

#[inline(always)]
fn turn(sums: &mut [[f32; LANES]; SUMS], factor: &[f32; LANES]) {
    let mut local = *sums;
    for _ in 0..REPEATS {
        for sum in &mut local {
            for (s, f) in sum.iter_mut().zip(factor) {
                *s = s.mul_add(*f, *f);
            }
        }
    }
    *sums = local;
}
