//! Sweeps: several recipes trained side by side for a short while, of which the best goes on.
//!
//! Successive halving: all candidates are trained for a few updates; the best third is trained three
//! times as long, and so on, until two are left or the budget is spent. Each goes on from where it was.
//! Those that score the same go on together.
//! Source: Jamieson and Talwalkar (2016), *Non-stochastic best arm identification and hyperparameter
//! optimization*.

mod confidence;
mod fall;
mod ground;
mod lane;
mod outcome;
mod parallel;
pub(crate) mod range_test;
mod rates;

pub use confidence::Comparison;
pub use outcome::{Fate, SweepOutcome, Tried};
pub use range_test::{RangePoint, RangeTested};
pub use rates::{between, log_spaced};

use crate::metrics::MeanLoss;
use crate::{Keep, Recipe, Setup, TrainError};
use ground::Grounds;
use lane::{Judge, Lane, lane};
use parallel::Workers;
use std::ops::ControlFlow;
use tanren_plugin::{Better, Reason, Seed, Watched};

/// A recipe that is to be tried.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What tells it from the others.
    pub label: String,
    /// The recipe, whose seed and data are those of the sweep's own.
    pub recipe: Recipe,
}

/// How long candidates are trained, and how many go on.
#[derive(Clone, Debug)]
pub struct SweepSettings {
    /// The updates of those that are trained longest; `None` for a quarter of what the recipe allows,
    /// but at least 100 where it allows so many.
    pub updates: Option<u64>,
    /// The fewest updates before any is cut.
    pub smallest: u64,
    /// One in so many goes on, at least 2; and each is trained so many times as long as before.
    pub eta: u64,
    /// Every candidate is trained with so many seeds of initial values, order and noise, from that of the
    /// recipe on, and judged by the mean. The split is that of the recipe.
    pub seeds: u64,
    /// Threads; 0 for as many as the machine has. Their number never changes a bit of the result.
    pub threads: usize,
}

impl Default for SweepSettings {
    fn default() -> Self {
        Self { updates: None, smallest: 20, eta: 3, seeds: 1, threads: 0 }
    }
}

/// A candidate whose loss was no number, or too large to come back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diverged {
    /// The update in which that was seen, from 0.
    pub update: u64,
    /// The loss.
    pub loss: f64,
}

/// What is shown while a sweep goes on.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum SweepEvent<'a> {
    /// A rung begins.
    Rung {
        /// Its place, from 0, and how many rungs there are.
        rung: (usize, usize),
        /// The candidates that are trained.
        candidates: usize,
        /// Updates that are to be made in this rung, at most.
        updates: u64,
    },
    /// An update was made.
    Update,
    /// A candidate goes no further.
    Out {
        /// The candidate.
        label: &'a str,
        /// Why.
        fate: &'a Fate,
    },
}

/// Watches a sweep, from any of its threads; `Break` ends it after the present updates.
pub type SweepWatch<'a> = &'a (dyn Fn(&SweepEvent<'_>) -> ControlFlow<Reason> + Sync);

/// A sweep on its way: rounds of candidates, of which the best are compared over all rounds.
pub struct Sweep<'a> {
    grounds: Grounds<'a>,
    settings: SweepSettings,
    workers: Workers,
    judge: Judge,
    /// What the trivial prediction scores.
    trivial: f64,
    entries: Vec<Entry<'a>>,
    /// The updates after which candidates are compared.
    rungs: Vec<u64>,
    /// The updates that a candidate's own recipe allows.
    allowed: u64,
    interrupted: Option<Reason>,
}

/// A candidate and what has come of it.
struct Entry<'a> {
    label: String,
    recipe: Recipe,
    /// One for each seed.
    lanes: Vec<Box<dyn Lane + 'a>>,
    /// What it was worth after each rung.
    scores: Vec<f64>,
    /// The scores by seed and group of rows, after the last rung.
    groups: Vec<Vec<f64>>,
    fate: Fate,
    /// The last of those that went on when it was cut.
    behind: Option<usize>,
}

impl<'a> Sweep<'a> {
    /// Begins a sweep on prepared data. Candidates are judged by the score by which the recipe keeps the
    /// best epoch, on the validation rows; by the loss on the training rows where there are none.
    ///
    /// # Errors
    /// When the data do not fit their losses.
    pub fn new(setup: &'a Setup, settings: SweepSettings) -> Result<Self, TrainError> {
        let rows = match setup.rows.validation.is_empty() {
            true => Watched::Train,
            false => Watched::Validation,
        };
        let score = match &setup.recipe.training.keep {
            Keep::Best(score) => score.clone(),
            Keep::Last => MeanLoss::NAME.to_owned(),
        };
        let better = setup.scoring()?.directions().get(&score).copied().unwrap_or(Better::Lower);
        let (entries, rungs, allowed, interrupted) = (Vec::new(), Vec::new(), 0, None);
        let (grounds, judge) = (Grounds::new(setup)?, Judge { score, better, rows });
        let trivial = grounds.trivial(&judge)?;
        let workers = Workers::new(settings.threads);
        Ok(Self {
            grounds,
            settings,
            workers,
            judge,
            trivial,
            entries,
            rungs,
            allowed,
            interrupted,
        })
    }

    /// Trains these candidates, rung by rung. The best of the rounds before competes with them, without
    /// being trained again.
    ///
    /// # Errors
    /// When a recipe does not fit the data or cannot be trained. Divergence is no error.
    pub fn round(
        &mut self,
        candidates: Vec<Candidate>,
        watch: SweepWatch<'_>,
    ) -> Result<(), TrainError> {
        let mut racing: Vec<usize> = self.best().into_iter().collect();
        for Candidate { label, recipe } in candidates {
            let ground = self.grounds.of(&recipe)?;
            let first = recipe.seed.0;
            let seeds = (0..self.settings.seeds.max(1)).map(|k| Seed(first.wrapping_add(k)));
            let lanes = seeds.map(|seed| lane(ground.clone(), &recipe, seed)).collect();
            let (scores, groups, fate, behind) = (Vec::new(), Vec::new(), Fate::Finished, None);
            racing.push(self.entries.len());
            self.entries.push(Entry { label, recipe, lanes, scores, groups, fate, behind });
        }
        if self.rungs.is_empty() {
            let lanes = self.entries.iter().filter_map(|entry| entry.lanes.first());
            let allowed = lanes.map(|lane| lane.most()).collect::<Result<Vec<_>, _>>()?;
            self.allowed = allowed.into_iter().max().unwrap_or(1);
            self.rungs = self.plan(racing.len());
        }
        for rung in 0..self.rungs.len() {
            if racing.is_empty() || self.interrupted.is_some() {
                break;
            }
            self.rung(rung, &mut racing, watch)?;
        }
        Ok(())
    }

    /// The updates after which candidates are compared, for so many of them.
    fn plan(&self, candidates: usize) -> Vec<u64> {
        let SweepSettings { updates, smallest, eta, .. } = self.settings;
        /// Fewer updates than these say little of a run.
        const FEW: u64 = 100;
        let most = updates.unwrap_or((self.allowed / 4).max(FEW).min(self.allowed)).max(1);
        let eta = eta.max(2);
        // Two rounds of few candidates are worth a look in between, too.
        let count = match candidates {
            0 | 1 => 1,
            n => (n as u64).ilog(eta).max(2) + 1,
        };
        let mut rungs = vec![most];
        while rungs.len() < count as usize && rungs[rungs.len() - 1] / eta >= smallest.max(1) {
            rungs.push(rungs[rungs.len() - 1] / eta);
        }
        rungs.reverse();
        rungs
    }

    /// Trains those that race up to a rung, judges them, and cuts all but the best.
    fn rung(
        &mut self,
        rung: usize,
        racing: &mut Vec<usize>,
        watch: SweepWatch<'_>,
    ) -> Result<(), TrainError> {
        let Self { entries, settings, judge, rungs, workers, .. } = self;
        let (until, last) = (rungs[rung], rung + 1 == rungs.len());
        let fresh = |entry: &Entry<'_>| entry.scores.len() <= rung;
        let before = if rung == 0 { 0 } else { rungs[rung - 1] };
        let training = racing.iter().filter(|&&k| fresh(&entries[k])).count();
        let updates = (until - before) * training as u64 * settings.seeds.max(1);
        let begin = SweepEvent::Rung { rung: (rung, rungs.len()), candidates: training, updates };
        let mut interrupted = watch(&begin).break_value();
        if interrupted.is_none() {
            let lanes: Vec<&mut (dyn Lane + '_)> = (entries.iter_mut().enumerate())
                .filter(|(k, entry)| racing.contains(k) && fresh(entry))
                .flat_map(|(_, entry)| entry.lanes.iter_mut().map(|lane| &mut **lane as _))
                .collect();
            let found = parallel::train(lanes, before..until, workers, watch, &|lane| {
                lane.judge(judge, last)
            })?;
            interrupted = found.interrupted;
            if interrupted.is_none() {
                let mut found = found.judged.into_iter();
                for (k, entry) in entries.iter_mut().enumerate() {
                    if racing.contains(&k) && fresh(entry) {
                        entry.take(found.by_ref().take(entry.lanes.len()).collect(), last);
                    }
                }
            }
        }
        self.interrupted = interrupted;
        self.cut((rung, last), racing, watch);
        Ok(())
    }

    /// Takes those that diverged out of the race, and, before the last rung, all but the best.
    fn cut(&mut self, (rung, last): (usize, bool), racing: &mut Vec<usize>, watch: SweepWatch<'_>) {
        let Self { entries, settings, judge, interrupted, rungs, .. } = self;
        let mut out = Vec::new();
        let by_loss = judge.score == MeanLoss::NAME;
        racing.retain(|&k| {
            let mut progress = entries[k].lanes.iter().map(|lane| lane.progress());
            let score = entries[k].scores.get(rung).copied();
            let lost = score.filter(|score| by_loss && !score.is_finite());
            let lost = lost.map(|loss| Diverged { update: rungs[rung] - 1, loss });
            let diverged = progress.find_map(|progress| progress.diverged).or(lost);
            out.extend(diverged.map(|diverged| (k, Fate::Diverged(diverged))));
            diverged.is_none()
        });
        if interrupted.is_some() {
            out.extend(racing.iter().map(|&k| (k, Fate::Interrupted)));
        } else if !last {
            let score = |k: usize| entries[k].scores[rung];
            // Equal ones stay in the order in which they were given.
            racing.sort_by(|&a, &b| judge.rank(score(a), score(b)));
            let stay = racing.len().div_ceil(settings.eta.max(2) as usize).max(2);
            // What is as good as the last that stays is no worse by its place in the list.
            let behind = racing.get(stay - 1).copied();
            let worse =
                |&&k: &&usize| behind.is_some_and(|last| judge.rank(score(last), score(k)).is_lt());
            let cut = racing.split_off(racing.len() - racing.iter().filter(worse).count());
            let behind = racing.last().copied();
            cut.iter().for_each(|&k| entries[k].behind = behind);
            out.extend(cut.into_iter().map(|k| (k, Fate::Cut { rung })));
        }
        for (k, fate) in out {
            // One that has come to the end in a round before stays there.
            if entries[k].scores.len() < rungs.len() || matches!(fate, Fate::Diverged(_)) {
                drop(watch(&SweepEvent::Out { label: &entries[k].label, fate: &fate }));
                entries[k].fate = fate;
            }
        }
    }

    /// The best of those that have come furthest; of several the first.
    fn best(&self) -> Option<usize> {
        let score = |k: usize| self.entries[k].scores.last().copied().unwrap_or(f64::NAN);
        self.furthest().into_iter().min_by(|&a, &b| self.judge.rank(score(a), score(b)))
    }

    /// Those that have come furthest, unless they diverged or their score has no value.
    fn furthest(&self) -> Vec<usize> {
        let ranked = |k: &usize| {
            let Entry { scores, fate, .. } = &self.entries[*k];
            let scored = scores.last().is_some_and(|score| !score.is_nan());
            scored && !matches!(fate, Fate::Diverged(_))
        };
        let mut found: Vec<usize> = (0..self.entries.len()).filter(ranked).collect();
        let far = found.iter().map(|&k| self.entries[k].scores.len()).max();
        found.retain(|&k| Some(self.entries[k].scores.len()) == far);
        found
    }
}
