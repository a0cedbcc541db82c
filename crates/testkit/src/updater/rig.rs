//! An updater in a bench vice: blocks, cuttings, and courses of updates.

use super::UpdaterOptions;
use crate::failure::Failure;
use crate::golden::{finite, same_bits};
use crate::problems::block;
use std::ops::Range;
use tanren_plugin::{
    Block, BlockKind, ClipCounter, Clock, Layout, Precision, Scope, Seed, SlotInit, Slots,
    UpdateAt, Updater,
};
use tanren_tensor::Stream;

/// How the trainable vector is handed over, for scopes below whole.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cut {
    Blocks,
    Reversed,
    Pieces(usize),
    Uneven,
}

/// The parameters and steps an updater meets.
pub(super) struct Course {
    parameters: f64,
    step: f64,
    clock: u64,
}

impl Course {
    pub(super) const RANDOM: Self = Self { parameters: 1.0, step: 0.1, clock: 0 };
    pub(super) const HARD: [(&'static str, &'static Self); 6] = [
        ("zero steps", &Self { step: 0.0, ..Self::RANDOM }),
        ("zero parameters", &Self { parameters: 0.0, ..Self::RANDOM }),
        ("zero steps and parameters", &Self { parameters: 0.0, step: 0.0, clock: 0 }),
        ("steps of size 1e15", &Self { step: 1e15, ..Self::RANDOM }),
        ("steps of size 1e-30", &Self { step: 1e-30, ..Self::RANDOM }),
        ("a late clock", &Self { clock: 10_000_000, ..Self::RANDOM }),
    ];
}

/// What a course ends in.
pub(super) struct Ended<T> {
    pub(super) parameters: Vec<T>,
    slots: Vec<Vec<T>>,
    pub(super) evaluated: Vec<T>,
}

impl<T: Precision> Ended<T> {
    pub(super) fn same(&self, other: &Self, rule: &'static str) -> Result<(), Failure> {
        same_bits(rule, &self.parameters, &other.parameters).map_err(|f| f.at("parameters"))?;
        same_bits(rule, &self.slots.concat(), &other.slots.concat()).map_err(|f| f.at("slots"))?;
        same_bits(rule, &self.evaluated, &other.evaluated).map_err(|f| f.at("evaluation"))
    }

    pub(super) fn all(&self) -> Vec<T> {
        [&self.parameters[..], &self.slots.concat(), &self.evaluated].concat()
    }
}

pub(super) struct Rig<'a> {
    updater: &'a dyn Updater,
    options: &'a UpdaterOptions,
    layout: Layout,
}

impl<'a> Rig<'a> {
    pub(super) fn new(updater: &'a dyn Updater, options: &'a UpdaterOptions) -> Self {
        let (layout, _) = Layout::place(vec![
            block("one", "weight", BlockKind::Weight, 7, 5),
            block("one", "bias", BlockKind::Bias, 7, 1),
            block("two", "gain", BlockKind::Gain, 1, 3),
            block("two", "mean", BlockKind::Statistic, 4, 1),
            block("two", "recurrent", BlockKind::Recurrent, 4, 4),
            block("three", "weight", BlockKind::Weight, 1, 1),
        ]);
        Self { updater, options, layout }
    }

    /// The parts of the trainable vector, each with its block.
    fn parts(&self, cut: Cut) -> Vec<(Option<usize>, Range<usize>)> {
        if self.updater.scope() == Scope::Whole {
            return vec![(None, 0..self.layout.trainable())];
        }
        let blocks = self.layout.blocks().iter().enumerate().filter(|(_, b)| b.trainable());
        let mut parts = Vec::new();
        for (index, block) in blocks {
            let mut start = block.range.start;
            let mut length = 1;
            while start < block.range.end {
                let wanted = match cut {
                    Cut::Blocks | Cut::Reversed => block.range.len(),
                    Cut::Pieces(length) => length,
                    Cut::Uneven => length,
                };
                let end = (start + wanted).min(block.range.end);
                parts.push((Some(index), start..end));
                (start, length) = (end, length + 3);
            }
        }
        if matches!(cut, Cut::Reversed) {
            parts.reverse();
        }
        parts
    }

    pub(super) fn run<T: Precision>(&self, cut: Cut, course: &Course) -> Result<Ended<T>, Failure> {
        let random = |sample, scale: f64| self.random::<T>(sample, scale);
        let start = random(0, course.parameters);
        let updates = course.clock..course.clock + self.options.iterations;
        self.train(cut, start, updates, &mut |iteration, _| {
            random(1 + iteration - course.clock, course.step)
        })
    }

    /// A number for each trainable one, normal, exact in single precision.
    pub(super) fn random<T: Precision>(&self, sample: u64, scale: f64) -> Vec<T> {
        let mut draws = Stream::new(self.options.seed, "testkit/updater").sample(sample);
        let n = self.layout.trainable();
        (0..n).map(|_| T::of(f64::from((scale * draws.normal()) as f32))).collect()
    }

    /// The trainable blocks.
    pub(super) fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.layout.blocks().iter().filter(|block| block.trainable())
    }

    /// Updates from `parameters` on; `step` gives each step, from its iteration and the parameters.
    pub(super) fn train<T: Precision>(
        &self,
        cut: Cut,
        mut parameters: Vec<T>,
        updates: Range<u64>,
        step: &mut dyn FnMut(u64, &[T]) -> Vec<T>,
    ) -> Result<Ended<T>, Failure> {
        let n = self.layout.trainable();
        let specs = self.updater.slots();
        let first = |init| match init {
            SlotInit::Value(value) => vec![T::of(value); n],
            SlotInit::Parameters => parameters.clone(),
        };
        let mut slots: Vec<Vec<T>> = specs.iter().map(|s| first(s.init)).collect();
        let parts = self.parts(cut);
        let mut clock = Clock::default();
        for iteration in updates {
            clock = self.clock(iteration);
            let mut step = step(iteration, &parameters);
            let before = (step.clone(), slots.concat());
            self.each(&parts, clock, &mut slots, |at, slots, range| {
                let kernel = self.updater.kernels().at::<T>();
                kernel.update(at, &parameters[range.clone()], slots, &mut step[range]);
            });
            let here = |f: Failure| f.at(format_args!("update {iteration}"));
            finite("finite", &step).map_err(|f| here(f.at("step")))?;
            let rests = self.updater.rests(clock);
            if rests {
                same_bits("rests", &step, &before.0).map_err(|f| here(f.at("step")))?;
                same_bits("rests", &slots.concat(), &before.1).map_err(|f| here(f.at("slots")))?;
            }
            let rate = T::of(self.options.rate);
            parameters.iter_mut().zip(&step).for_each(|(p, &s)| *p += rate * s);
            let moved = parameters.clone();
            self.settle(&parts, clock, &mut slots, &mut parameters)?;
            if rests {
                same_bits("rests", &parameters, &moved).map_err(|f| here(f.at("settle")))?;
                same_bits("rests", &slots.concat(), &before.1).map_err(|f| here(f.at("settle")))?;
            }
            let ended = Clock { epoch: clock.epoch + 1, ..clock };
            if self.clock(iteration + 1).epoch == ended.epoch {
                self.each(&parts, ended, &mut slots, |at, slots, range| {
                    let kernel = self.updater.kernels().at::<T>();
                    kernel.finish_epoch(at, &parameters[range], slots);
                });
            }
        }
        let evaluated = self.evaluation(&parts, clock, &mut slots, &parameters)?;
        Ok(Ended { parameters, slots, evaluated })
    }

    fn clock(&self, iteration: u64) -> Clock {
        let epoch = iteration / 3;
        Clock { epoch, iteration, samples: 32 * iteration, ..Clock::default() }
    }

    /// Calls `work` once for each part, with the slots cut to it.
    fn each<T: Precision>(
        &self,
        parts: &[(Option<usize>, Range<usize>)],
        clock: Clock,
        slots: &mut [Vec<T>],
        mut work: impl FnMut(&UpdateAt<'_>, Slots<'_, T>, Range<usize>),
    ) {
        for (index, range) in parts {
            let block = index.map(|i| &self.layout.blocks()[i]);
            let rate = self.options.rate;
            let (seed, first, layout) = (Seed::default(), range.start, &self.layout);
            let at = UpdateAt {
                clock,
                rate,
                seed,
                first,
                block,
                layout,
                place: 0,
                clips: &ClipCounter::default(),
            };
            let cut = slots.iter_mut().map(|slot| &mut slot[range.clone()]).collect();
            work(&at, cut, range.clone());
        }
    }

    fn settle<T: Precision>(
        &self,
        parts: &[(Option<usize>, Range<usize>)],
        clock: Clock,
        slots: &mut [Vec<T>],
        parameters: &mut [T],
    ) -> Result<(), Failure> {
        let before = (parameters.to_vec(), slots.concat());
        self.each(parts, clock, slots, |at, slots, range| {
            let kernel = self.updater.kernels().at::<T>();
            kernel.settle(at, &mut parameters[range], slots);
        });
        if !self.updater.settles() {
            same_bits("settles", parameters, &before.0).map_err(|f| f.at("not declared"))?;
            same_bits("settles", &slots.concat(), &before.1).map_err(|f| f.at("slots"))?;
        }
        Ok(())
    }

    fn evaluation<T: Precision>(
        &self,
        parts: &[(Option<usize>, Range<usize>)],
        clock: Clock,
        slots: &mut [Vec<T>],
        parameters: &[T],
    ) -> Result<Vec<T>, Failure> {
        let before = slots.concat();
        let mut evaluated = parameters.to_vec();
        self.each(parts, clock, slots, |at, slots, range| {
            let kernel = self.updater.kernels().at::<T>();
            kernel.evaluation(at, &mut evaluated[range], slots);
        });
        same_bits("evaluation", &slots.concat(), &before).map_err(|f| f.at("slots changed"))?;
        if !self.updater.averages() {
            same_bits("averages", &evaluated, parameters).map_err(|f| f.at("not declared"))?;
        }
        Ok(evaluated)
    }
}
