//! Every registered updater of element scope against the bound of its memory traffic:
//! `cargo bench -p tanren-benches --bench updaters` prints a table.
//!
//! One update of 16 million numbers in single precision, which fit into no cache, on one thread. No updater is
//! named here, so that a new one is measured without being added.
//!
//! What a step has to move at least: the gradient is read; the parameters are read and written; so is each slot
//! that the step changes. Which slots these are is observed on a few numbers, with another gradient at each step:
//!
//! * Averages of steps, such as those of `adam`, change in `update` at every step, and so do both sequences of
//!   `schedule-free`.
//! * `ema` and `swa` change their mean in `settle`, which also reads θ. That counts nothing more, because θ has
//!   been moved already.
//! * `lookahead` changes its slow parameters in `settle` at every fifth step: 0.2 slots a step. The θ that it writes
//!   then is moved by every step.
//!
//! The bound is a plain loop that moves as much: it reads one vector, and reads and writes one and as many more
//! as slots are changed, with one multiplication and addition for each number; 2048 numbers at a time, which a step
//! does, too. Updater and bound take turns, so that a machine that slows down slows both down.
//! `ratio` is the speed of the updater over that of the bound in the same turn, the median of all turns.
//!
//! A step overwrites the gradient that it is given. For the gradient only to be read, it is handed on in a buffer
//! that stays in the cache, block by block; so the blocks are as long as the parts into which a step cuts a
//! longer one. Behind such a block `settle` finds θ in the cache. Behind one that is larger than the cache it
//! reads θ once more. The copy takes time that is not the updater's, in which nothing but the gradient is read:
//! `buffered` is the plain loop with the same copy in front, and the last column the ratio to it. It is no bound: what
//! moves several vectors at once may be faster.
//!
//! `criterion` has no part in this: it does not compare pairs.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // a program for the terminal

mod formed;
mod given;

use formed::Formed;
use given::Given;
use std::hint::black_box;
use std::time::Instant;
use tanren::plugin::engine::{example, names};
use tanren::plugin::{
    Aimed, Block, BlockKind, Clock, Layout, Motion, MotionState, Moving, Objective, Plugin, Scope,
    Search, Seed, Stepper, Updater,
};
use tanren::prelude::*;
use tanren::tensor::{alone, vectorized};

/// Numbers of the vector.
const LEN: usize = 1 << 24;
/// Numbers of a block.
const BLOCK: usize = 8192;
/// Numbers of a piece of the bound, in which one vector moves after another.
const PIECE: usize = 2048;
/// Steps of a turn: a multiple of the period of whatever works now and then.
const STEPS: usize = 10;
/// Turns, of which each measures the updater and both loops.
const TURNS: usize = 7;
/// Examples of the batch of which a gradient is a product.
const BATCH: usize = 128;

fn layout(blocks: usize) -> Layout {
    let block = |n| Block::new("", &format!("x{n}"), BlockKind::Weight, (BLOCK, 1));
    Layout::place((0..blocks).map(block).collect()).0
}

fn normals(len: usize, sample: u64) -> Vec<f32> {
    let mut numbers = vec![0.0; len];
    Seed(1).stream("normals").sample(sample).map_normals(&mut numbers, |_, n| n);
    numbers
}

/// A vector that one updater moves.
struct Run<'a, G> {
    motion: Motion<'a>,
    given: G,
    stepper: Stepper<f32>,
    parameters: Vec<f32>,
    state: MotionState<f32>,
    clock: Clock,
}

impl<'a, G: Objective<f32>> Run<'a, G> {
    fn new(updater: &'a [Aimed<dyn Updater>], search: &'a Plugin<dyn Search>, given: G) -> Self {
        let layout = given.layout();
        let motion = Motion::new(search).updaters(updater, layout);
        motion.check_aims(layout).unwrap();
        let parameters = normals(layout.len(), 0);
        Self {
            stepper: Stepper::new(layout),
            given,
            state: MotionState::new(&motion, &parameters),
            parameters,
            motion,
            clock: Clock::default(),
        }
    }

    fn step(&mut self) {
        let Self { motion, given, stepper, parameters, state, clock } = self;
        let moving = Moving { clock: *clock, parameters, state };
        stepper.sweep(black_box(given), motion, moving).unwrap();
        clock.iteration += 1;
    }
}

impl Run<'_, Given> {
    /// How many slots each step of a turn changes, after a turn in which they begin to.
    fn observe(mut self) -> Vec<usize> {
        let mut changed = Vec::new();
        for step in 0..2 * STEPS {
            self.given.gradient = normals(self.parameters.len(), step as u64);
            let before = self.state.slots[0].clone();
            self.step();
            let pairs = before.iter().zip(&self.state.slots[0]);
            changed.push(pairs.filter(|(before, after)| before != after).count());
        }
        changed.split_off(STEPS)
    }
}

/// One step of the bound, for the part of the vectors that begins at `start`: reads the gradient, reads and
/// writes each vector.
fn stream(gradient: &[f32], start: usize, vectors: &mut [Vec<f32>]) {
    for (n, gradient) in gradient.chunks(PIECE).enumerate() {
        for vector in &mut *vectors {
            let vector = &mut vector[start + n * PIECE..][..gradient.len()];
            vectorized(
                #[inline(always)]
                || vector.iter_mut().zip(gradient).for_each(|(x, g)| *x = g.mul_add(1e-3, *x)),
            );
        }
    }
}

/// The same for whole vectors, with the gradient handed on in a buffer.
fn stream_buffered(gradient: &[f32], buffer: &mut [f32], vectors: &mut [Vec<f32>]) {
    for (n, gradient) in gradient.chunks(buffer.len()).enumerate() {
        buffer.copy_from_slice(gradient);
        stream(buffer, n * gradient.len(), vectors);
    }
}

fn seconds(work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    started.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// How many slots each step of a turn changes.
fn moved(updater: &[Aimed<dyn Updater>], search: &Plugin<dyn Search>) -> Vec<usize> {
    let layout = layout(1);
    Run::new(updater, search, Given::new(&layout, normals(layout.len(), 1))).observe()
}

/// The line of one updater.
fn line(name: &str, updater: &[Aimed<dyn Updater>]) {
    let search = LearningRate::constant(1e-3).into();
    let moved = moved(updater, &search);
    let most = moved.iter().copied().max().unwrap_or(0);
    let (mut vectors, mut buffer) = (vec![normals(LEN, 2); 1 + most], vec![0.0; BLOCK]);
    let layout = layout(LEN / BLOCK);
    let mut run = Run::new(updater, &search, Given::new(&layout, normals(LEN, 1)));
    // The updater, the bound, and the loop with a buffer.
    let mut turn = || {
        let own = seconds(|| (0..STEPS).for_each(|_| run.step()));
        let gradient = black_box(&run.given.gradient);
        let mut plain = |&slots: &usize| stream(gradient, 0, black_box(&mut vectors[..=slots]));
        let bound = seconds(|| moved.iter().for_each(&mut plain));
        let mut buffered = |&slots: &usize| {
            stream_buffered(gradient, &mut buffer, black_box(&mut vectors[..=slots]));
        };
        [own, bound, seconds(|| moved.iter().for_each(&mut buffered))]
    };
    turn(); // what is touched for the first time has no memory yet
    let turns: Vec<[f64; 3]> = (0..TURNS).map(|_| turn()).collect();
    let slots = moved.iter().sum::<usize>() as f64 / STEPS as f64;
    let gib = (3.0 + 2.0 * slots) * (STEPS * LEN * size_of::<f32>()) as f64 / f64::from(1 << 30);
    let speed = |i: usize| median(turns.iter().map(|turn| gib / turn[i]).collect());
    let ratio = |i: usize| median(turns.iter().map(|turn| turn[i] / turn[0]).collect());
    print!("{name:>16}{slots:>14.1}{:>10.2}", speed(0));
    println!("{:>10.2}{:>8.2}{:>12.2}{:>8.2}", speed(1), ratio(1), speed(2), ratio(2));
}

/// The line of one updater behind a product.
fn formed(name: &str, updater: &[Aimed<dyn Updater>]) {
    let search = LearningRate::constant(1e-3).into();
    let moved = moved(updater, &search);
    let most = moved.iter().copied().max().unwrap_or(0);
    let side = LEN.isqrt();
    let block = Block::new("", "x", BlockKind::Weight, (side, side));
    let layout = Layout::place(vec![block]).0;
    let given = || Formed::new(&layout, normals(side * BATCH, 1), normals(BATCH * side, 3));
    let mut vectors = vec![normals(LEN, 2); 1 + most];
    let (mut run, mut plain) =
        (Run::new(updater, &search, given()), Run::new(&[], &search, given()));
    let gradient = normals(LEN, 1);
    let mut turn = || {
        let own = seconds(|| (0..STEPS).for_each(|_| run.step()));
        let none = seconds(|| (0..STEPS).for_each(|_| plain.step()));
        let mut slots = |&slots: &usize| stream(&gradient, 0, black_box(&mut vectors[..=slots]));
        let all = seconds(|| moved.iter().for_each(&mut slots));
        let parameters = seconds(|| moved.iter().for_each(|_| slots(&0)));
        let cost = (own - none) / (STEPS * LEN) as f64 * 1e9;
        let bound = (all - parameters) / (STEPS * LEN) as f64 * 1e9;
        [own / none, cost, bound]
    };
    turn();
    let turns: Vec<[f64; 3]> = (0..TURNS).map(|_| turn()).collect();
    let slots = moved.iter().sum::<usize>() as f64 / STEPS as f64;
    let [step, cost, bound] = [0, 1, 2].map(|i| median(turns.iter().map(|turn| turn[i]).collect()));
    print!("{name:>16}{slots:>14.1}{step:>10.3}{cost:>10.3}{bound:>10.3}");
    println!("{:>8.2}", cost / bound);
}

fn main() {
    print!("{:>16}{:>14}{:>10}", "updater", "slots moved", "GiB/s");
    println!("{:>10}{:>8}{:>12}{:>8}", "bound", "ratio", "buffered", "ratio");
    each(line);
    print!("\n{:>16}{:>14}{:>10}", "updater", "slots moved", "step");
    println!("{:>10}{:>10}{:>8}", "cost, ns", "bound, ns", "ratio");
    each(formed);
}

/// Calls `line` for every updater of element scope, on one thread.
fn each(line: fn(&str, &[Aimed<dyn Updater>])) {
    for name in names::<dyn Updater>() {
        let updater = Plugin::from_box(example::<dyn Updater>(name).unwrap());
        if updater.scope() == Scope::Element && updater.check().is_ok() {
            alone(|| line(name, &[updater.into()]));
        }
    }
}
