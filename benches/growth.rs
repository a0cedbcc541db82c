//! How cost grows: `cargo bench -p tanren-benches --bench growth` prints four tables.
//!
//! A sample should cost the same however many rows there are, no more in larger batches, and as much per
//! product of two numbers however wide and deep the network is. A step of a sequence should cost the same however long
//! the sequences are that truncated back-propagation cuts. Whole runs of the training loop, Nesterov and L2 (RMSProp
//! for sequences), on two threads; of three runs the fastest.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // a program for the terminal

use tanren::trainer::Options;
use tanren_cli::{Hidden, Workload};

/// Microseconds per sample.
fn cost(sizes: &'static [usize], batch: usize, rows: usize, samples: usize) -> f64 {
    fastest(&Workload::dense("growth", sizes, batch, rows), samples)
}

/// Microseconds per step of sequences of so many, 32 of them at once.
fn cost_of_steps(steps: usize) -> f64 {
    let workload = Workload::recurrent("growth", Hidden::Lstm, &[64, 128, 64], steps);
    let rows = 32_000_usize.div_ceil(steps).next_multiple_of(32);
    fastest(&Workload { rows, ..workload }, 512_000 / steps) / steps as f64
}

/// Microseconds per sample in the fastest of three runs over so many samples.
fn fastest(workload: &Workload, samples: usize) -> f64 {
    let mut recipe = workload.recipe();
    recipe.training.epochs = samples.div_ceil(workload.rows) as u64;
    let setup = recipe.prepare().unwrap();
    let options = Options { threads: 2, ..Options::default() };
    let run = || {
        let trained = setup.train(&mut (), &options).unwrap();
        trained.seconds * 1e6 / trained.samples as f64
    };
    (0..3).map(|_| run()).fold(f64::INFINITY, f64::min)
}

fn main() {
    println!("{:>12}{:>16}   64-64-32-10, batch 32", "rows", "us per sample");
    for rows in [1_000, 10_000, 100_000, 1_000_000] {
        println!("{rows:>12}{:>16.3}", cost(&[64, 64, 32, 10], 32, rows, 1_000_000));
    }
    println!();
    println!("{:>12}{:>16}   784-500-250-10", "batch", "us per sample");
    for batch in [1, 4, 16, 64, 256, 1024, 4096, 16384] {
        let samples = (batch * 100).clamp(16384, 1 << 18);
        println!("{batch:>12}{:>16.2}", cost(&[784, 500, 250, 10], batch, 16384, samples));
    }
    println!();
    println!("   width   depth     weights   us per sample   ps per product   batch 128");
    let networks: [&'static [usize]; 9] = [
        &[128, 128, 10],
        &[128, 128, 128, 128, 128, 10],
        &[256, 256, 10],
        &[256, 256, 256, 256, 256, 10],
        &[512, 512, 10],
        &[512, 512, 512, 512, 512, 10],
        &[1024, 1024, 10],
        &[1024, 1024, 1024, 1024, 1024, 10],
        &[2048, 2048, 2048, 2048, 2048, 10],
    ];
    for sizes in networks {
        let weights = || sizes.windows(2).map(|pair| pair[0] * pair[1]);
        // Forward, gradient of the weights and, but for the first layer, of the inputs.
        let products = 3 * weights().sum::<usize>() - sizes[0] * sizes[1];
        let weights: usize = weights().sum();
        let samples = (2_000_000_000 / weights).clamp(1 << 11, 1 << 16);
        let cost = cost(sizes, 128, 2048, samples);
        let each = cost * 1e6 / products as f64;
        let (width, depth) = (sizes[0], sizes.len() - 2);
        println!("{width:>8}{depth:>8}{weights:>12}{cost:>16.2}{each:>17.1}");
    }
    println!();
    println!("{:>12}{:>16}   LSTM 64-128-64, batch 32, segments of 50", "steps", "us per step");
    for steps in [10, 50, 100, 1000, 10_000] {
        println!("{steps:>12}{:>16.3}", cost_of_steps(steps));
    }
}
