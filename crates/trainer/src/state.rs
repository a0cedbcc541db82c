//! `State`: everything that changes while training. A checkpoint is this and the recipe.

use crate::TrainingSpec;
use serde::{Deserialize, Serialize};
use tanren_network::Network;
use tanren_plugin::{
    Carries, Clock, EpochRecord, Layout, MotionState, Moving, Number, Phase, Seed,
};
use tanren_tensor::Real;

/// Where a run stands inside an epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// The batch to go on with.
    pub batch: usize,
    /// Σ weight · loss over the batches of this epoch.
    pub loss: f64,
    /// Σ weight over the batches of this epoch.
    pub weight: f64,
    /// Steps of this epoch that were not taken as planned.
    #[serde(default)]
    pub fallbacks: u64,
    /// Σ clip rate over the steps of this epoch at which something could be clipped.
    #[serde(default)]
    pub clip_rates: f64,
    /// How many these are.
    #[serde(default)]
    pub clippable: u64,
    /// The loss of the last update of this epoch, if there was one and it had a value.
    #[serde(default)]
    pub last_loss: Option<Number>,
    /// How long the last step of this epoch was, if there was one: the learning rate, or what the search found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Number>,
    /// Seconds this epoch had taken when the run was left.
    #[serde(default)]
    pub seconds: f64,
}

impl Cursor {
    /// The mean clip rate of the steps of this epoch.
    pub(crate) fn clip_rate(&self) -> Option<f64> {
        (self.clippable > 0).then(|| self.clip_rates / self.clippable as f64)
    }
}

/// The best parameters so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Best<T> {
    /// The epoch they ended, from 1.
    pub epoch: u64,
    /// The score they are best by.
    pub metric: String,
    /// That score on the validation rows.
    pub score: f64,
    /// The flat vector.
    pub parameters: Vec<T>,
}

/// Everything that changes while training.
#[derive(Clone, Debug, PartialEq)]
pub struct State<T> {
    /// The flat vector.
    pub parameters: Vec<T>,
    /// What updaters, direction and search keep.
    pub motion: MotionState<T>,
    /// What recurrent nodes carry from segment to segment, while batches are segments; by node.
    pub carries: Carries<T>,
    /// Where the run stands.
    pub clock: Clock,
    /// Where it stands inside the epoch.
    pub cursor: Cursor,
    /// The finished epochs.
    pub history: Vec<EpochRecord>,
    /// The statistics, such as those of batch norm, that belong to the average of the parameters at the
    /// end of the last epoch, where an updater averages; else none.
    pub statistics: Vec<T>,
    /// The best parameters so far, when there are validation rows.
    pub best: Option<Best<T>>,
}

impl<T: Real> State<T> {
    /// The start of a run.
    #[must_use]
    pub fn new(network: &Network, training: &TrainingSpec, seed: Seed) -> Self {
        Self::start(network.initialize(seed), network.layout().trainable(), training)
    }

    /// The start of a run of any objective at `parameters`, the first `trainable` of which move.
    ///
    /// # Panics
    /// When there are fewer parameters; a layout knows both numbers.
    #[must_use]
    pub fn start(parameters: Vec<T>, trainable: usize, training: &TrainingSpec) -> Self {
        // What moving remembers does not depend on where updaters are aimed.
        let motion = training.motion(&Layout::default());
        let motion = MotionState::new(&motion, &parameters[..trainable]);
        Self {
            parameters,
            motion,
            carries: Carries::default(),
            clock: Clock::default(),
            cursor: Cursor::default(),
            history: Vec::new(),
            statistics: Vec::new(),
            best: None,
        }
    }

    /// What a step changes.
    pub const fn moving(&mut self) -> Moving<'_, T> {
        Moving {
            clock: self.clock,
            parameters: self.parameters.as_mut_slice(),
            state: &mut self.motion,
        }
    }

    /// The finished epochs of the present phase.
    #[must_use]
    pub fn records(&self) -> &[EpochRecord] {
        let before = self.history.iter().take_while(|r| r.clock.phase != self.clock.phase).count();
        &self.history[before..]
    }

    /// What the best parameters so far reached by the score called `metric`, as far as that is known:
    /// they may have been chosen by another one before the run was resumed.
    #[must_use]
    pub fn best_score(&self, metric: &str) -> Option<f64> {
        let best = self.best.as_ref()?;
        if best.metric == metric {
            return Some(best.score);
        }
        let epoch = self.records().iter().find(|record| record.clock.epoch == best.epoch)?;
        epoch.validation.get(metric).map(|score| score.0).filter(|score| score.is_finite())
    }

    /// Begins another phase: from these parameters, with nothing remembered but the history. An epoch within
    /// which the phase before was stopped is its last one there, without scores.
    pub fn enter(&mut self, phase: Phase, parameters: Vec<T>, motion: MotionState<T>) {
        let seconds = self.seconds();
        let mut history = std::mem::take(&mut self.history);
        if self.cursor != Cursor::default() {
            let Cursor { loss, weight, rate, fallbacks, .. } = self.cursor;
            let clip_rate = self.cursor.clip_rate();
            let loss = (weight > 0.0).then(|| Number(loss / weight));
            let clock = Clock { epoch: self.clock.epoch + 1, ..self.clock };
            let (validation, training) = Default::default();
            history.push(EpochRecord {
                clock,
                loss,
                validation,
                training,
                rate,
                fallbacks,
                clip_rate,
                seconds,
            });
        }
        let clock = Clock { phase, ..Clock::default() };
        let (carries, cursor) = (Carries::default(), Cursor::default());
        let (statistics, best) = Default::default();
        *self = Self { parameters, motion, carries, clock, cursor, history, statistics, best };
    }

    /// A count of the clock over all phases.
    #[must_use]
    pub fn total(&self, count: impl Fn(&Clock) -> u64) -> u64 {
        let ends = self.history.chunk_by(|a, b| a.clock.phase == b.clock.phase);
        let ends = ends.filter_map(|records| records.last()).map(|record| record.clock);
        let before = ends.filter(|clock| clock.phase != self.clock.phase);
        before.map(|clock| count(&clock)).sum::<u64>() + count(&self.clock)
    }

    /// Seconds the run had taken when it was left.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.epochs_seconds() + self.cursor.seconds
    }

    /// Seconds the run had taken at its last finished epoch.
    pub(crate) fn epochs_seconds(&self) -> f64 {
        self.history.last().map_or(0.0, |record| record.seconds)
    }
}
