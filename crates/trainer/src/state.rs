//! `State`: everything that changes while training. A checkpoint is this and the recipe.

use crate::TrainingSpec;
use serde::{Deserialize, Serialize};
use tanren_network::{Carries, Network};
use tanren_plugin::{Clock, DirectionMemory, EpochRecord, Seed, SlotInit};
use tanren_tensor::Real;

/// Where a run stands inside an epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// The batch to go on with.
    pub batch: usize,
    /// Updates already made on it.
    pub repeat: u64,
    /// Σ weight · loss over the batches of this epoch.
    pub loss: f64,
    /// Σ weight over the batches of this epoch.
    pub weight: f64,
}

/// The best parameters so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Best<T> {
    /// The epoch they ended, from 1.
    pub epoch: u64,
    /// Their validation loss.
    pub loss: f64,
    /// The flat vector.
    pub parameters: Vec<T>,
}

/// Everything that changes while training.
#[derive(Clone, Debug, PartialEq)]
pub struct State<T> {
    /// The flat vector.
    pub parameters: Vec<T>,
    /// What updaters keep: by updater, by slot.
    pub slots: Vec<Vec<Vec<T>>>,
    /// What the direction keeps.
    pub memory: DirectionMemory<T>,
    /// What recurrent nodes carry from segment to segment, while batches are segments.
    pub carries: Carries<T>,
    /// Where the run stands.
    pub clock: Clock,
    /// Where it stands inside the epoch.
    pub cursor: Cursor,
    /// The finished epochs.
    pub history: Vec<EpochRecord>,
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
        let trainable = &parameters[..trainable];
        let slot = |init| match init {
            SlotInit::Value(value) => vec![T::of(value); trainable.len()],
            SlotInit::Parameters => trainable.to_vec(),
        };
        let slots = training
            .updaters
            .iter()
            .map(|u| u.slots().iter().map(|spec| slot(spec.init)).collect())
            .collect();
        let memory = training.direction.as_ref().map(|d| d.memory()).unwrap_or_default();
        let memory = DirectionMemory::new(memory, trainable.len());
        Self {
            parameters,
            slots,
            memory,
            carries: Carries::default(),
            clock: Clock::default(),
            cursor: Cursor::default(),
            history: Vec::new(),
            best: None,
        }
    }

    /// Seconds the run had taken at its last finished epoch.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.history.last().map_or(0.0, |record| record.seconds)
    }
}
