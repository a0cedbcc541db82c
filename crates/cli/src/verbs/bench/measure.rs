//! Measures a workload: rounds of epochs of `fit`, timed from outside.

use super::workloads::{Updates, Workload};
use crate::failure::{Failure, Kind};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};
use tanren_plugin::{Clock, Event, Observer, Reason, Wants};
use tanren_tensor::profile::{self, Profile};
use tanren_trainer::{Ending, Options};

/// A round has at least one epoch and lasts at least this long, so that clocks do not matter.
pub(super) const ROUND: Duration = Duration::from_millis(50);

/// How fast a workload went.
pub(super) struct Measured {
    /// Samples per second in the best round; of L-BFGS, evaluations of all samples.
    pub(super) per_s: f64,
    /// Where the time of further rounds went, if that was wanted.
    pub(super) profile: Option<Profile>,
}

/// Trains `workload` for a round to warm up, and for `rounds` that count. A profile is of as many
/// rounds more, since taking it costs time.
pub(super) fn measure(
    workload: &Workload,
    rounds: u32,
    threads: usize,
    profile: bool,
) -> Result<Measured, Failure> {
    let mut recipe = workload.recipe();
    recipe.training.epochs = u64::MAX; // until the watch ends it
    let setup = recipe.prepare()?;
    // Of sequences every step is one.
    let samples = setup.rows.train.len() * workload.steps.max(1);
    let evaluations = workload.updates == Updates::LBfgs;
    let mut watch = Watch { samples, evaluations, rounds, profile, ..Watch::new() };
    let trained = setup.train(&mut watch, &Options { threads, ..Options::default() })?;
    match trained.ending {
        Ending::Interrupted(_) => Ok(watch.measured),
        _ => Err(Failure::new(Kind::Diverged, format!("{} diverged", workload.name))),
    }
}

/// What the round is for that is being run.
enum Round {
    WarmUp,
    Timed { left: u32 },
    Profiled,
}

/// Looks at the clock after every epoch. It is called on the thread that trains.
struct Watch {
    samples: usize,
    /// Whether evaluations are counted instead of samples.
    evaluations: bool,
    rounds: u32,
    profile: bool,
    round: Round,
    /// Samples or evaluations in this round.
    count: usize,
    since: Instant,
    measured: Measured,
}

impl Watch {
    fn new() -> Self {
        let measured = Measured { per_s: 0.0, profile: None };
        let (round, since) = (Round::WarmUp, Instant::now());
        let (samples, evaluations, rounds, profile, count) = (0, false, 1, false, 0);
        Self { samples, evaluations, rounds, profile, round, count, since, measured }
    }

    /// What comes after a round of this length, if anything does.
    fn next(&mut self, seconds: f64) -> Option<Round> {
        match self.round {
            Round::WarmUp => Some(Round::Timed { left: self.rounds }),
            Round::Timed { left } => {
                let per_s = self.count as f64 / seconds;
                self.measured.per_s = self.measured.per_s.max(per_s);
                match left {
                    2.. => Some(Round::Timed { left: left - 1 }),
                    _ if self.profile => Some(Round::Profiled),
                    _ => None,
                }
            }
            Round::Profiled => {
                self.measured.profile = profile::stop();
                None
            }
        }
    }
}

impl Observer for Watch {
    fn wants(&self, _: Clock) -> Wants {
        if self.evaluations { Wants::STEP } else { Wants::NOTHING }
    }

    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        match event {
            Event::Step { outcome, .. } if self.evaluations => self.count += outcome.evaluations,
            Event::Epoch(_) if !self.evaluations => self.count += self.samples,
            _ => {}
        }
        let Event::Epoch(_) = event else { return ControlFlow::Continue(()) };
        let least = match self.round {
            Round::Profiled => ROUND * self.rounds,
            _ => ROUND,
        };
        let elapsed = self.since.elapsed();
        if elapsed < least {
            return ControlFlow::Continue(());
        }
        let Some(next) = self.next(elapsed.as_secs_f64()) else {
            return ControlFlow::Break(Reason("measured".into()));
        };
        if matches!(next, Round::Profiled) {
            profile::start();
        }
        (self.round, self.count, self.since) = (next, 0, Instant::now());
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::workloads::WORKLOADS;
    use super::*;
    use tanren_tensor::profile::Kind as Work;

    /// The products of a network: forward and weight gradient of every layer, input gradient of all
    /// but the first.
    fn flop(workload: &Workload) -> u64 {
        let layers = workload.sizes.windows(2).enumerate();
        let products = layers.map(|(i, pair)| {
            let count = if i == 0 { 2 } else { 3 };
            count * 2 * (pair[0] * pair[1]) as u64
        });
        products.sum::<u64>() * workload.rows as u64
    }

    #[test]
    fn every_product_is_counted() {
        for workload in &WORKLOADS[..2] {
            let measured = measure(workload, 1, 2, true).unwrap();
            let profile = measured.profile.unwrap();
            assert!(measured.per_s > 0.0);
            assert!(profile.flop > 0 && profile.flop.is_multiple_of(flop(workload)), "{profile:?}");
            assert!(Work::ALL[2..].iter().all(|&kind| profile.seconds(kind) > 0.0));
        }
    }
}
