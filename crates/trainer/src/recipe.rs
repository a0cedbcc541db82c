//! `Recipe`: all that is needed to repeat a run.

use crate::{Keep, Order, StartSpec, Truncation};
use serde::{Deserialize, Serialize};
use tanren_network::NetworkSpec;
use tanren_plugin::{
    Aimed, Checked, Direction, Layout, Metric, Motion, Normalizer, Pace, Plugin, Search, Seed,
    Source, Split, Stopping, Updater,
};

/// All that is needed to repeat a run, as it is written in a file.
#[derive(Clone, Debug, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The version of the format: 1.
    #[serde(default = "format_version")]
    #[setting(from = 1, to = 1)]
    pub format: u32,
    /// What all randomness follows from.
    #[serde(default)]
    pub seed: Seed,
    /// The precision of parameters, gradients and slots.
    #[serde(default)]
    pub precision: Arithmetic,
    /// Where the data come from and how they are prepared.
    pub data: DataSpec,
    /// The network and what is minimised.
    pub network: NetworkSpec,
    /// Files from whose tensors the network starts, in place of random values; of several that have a
    /// block the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub start: Vec<StartSpec>,
    /// Phases before training, each as training is written, for the nodes it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pretraining: Vec<TrainingSpec>,
    /// How it is trained.
    pub training: TrainingSpec,
}

/// The version this library reads and writes.
pub(crate) const fn format_version() -> u32 {
    1
}

/// The precision of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Arithmetic {
    /// 32 bits.
    #[default]
    Single,
    /// 64 bits.
    Double,
}

/// Where the data come from and how they are prepared.
#[derive(Clone, Debug, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct DataSpec {
    /// The source.
    pub source: Plugin<dyn Source>,
    /// Which rows train, validate and test.
    pub split: Plugin<dyn Split>,
    /// Normalisers of the inputs, in order, fitted on the training rows only: of all their features, or
    /// of those that `on` names.
    #[serde(default)]
    pub inputs: Vec<Aimed<dyn Normalizer>>,
    /// Normalisers of the targets, in order, each with a way back.
    #[serde(default)]
    pub targets: Vec<Aimed<dyn Normalizer>>,
}

/// What a phase minimises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The energy of each node by itself, one node after another, without targets.
    Energy,
    /// The losses of the network.
    Loss,
}

/// How a network, or some of its nodes, is trained.
#[derive(Clone, Debug, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct TrainingSpec {
    /// Full passes over the training rows, at least 1.
    #[serde(default = "epochs")]
    #[setting(from = 1)]
    pub epochs: u64,
    /// Rows per mini-batch, at least 1; the last batch of an epoch may be smaller.
    #[serde(default = "batch")]
    #[setting(from = 1)]
    pub batch: usize,
    /// How far gradients reach back in the time of sequences, which are then cut into segments. Without it
    /// through all steps, and a batch of whole sequences is one update.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub truncation: Option<Truncation>,
    /// Updates per mini-batch, at least 1. More than one is for small data in one batch.
    #[serde(default = "iterations")]
    #[setting(from = 1)]
    pub iterations: u64,
    /// Where to go; without one, down the gradient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Plugin<dyn Direction>>,
    /// What shapes the step, in order.
    #[serde(default)]
    pub updaters: Vec<Aimed<dyn Updater>>,
    /// How far to go.
    pub search: Plugin<dyn Search>,
    /// How scores change the learning rate; it is multiplied by the factors of all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pace: Vec<Plugin<dyn Pace>>,
    /// When to end before the last epoch.
    #[serde(default)]
    pub stopping: Vec<Plugin<dyn Stopping>>,
    /// Scores of every part of the data, beside the usual ones.
    #[serde(default)]
    pub metrics: Vec<Plugin<dyn Metric>>,
    /// The order of rows in an epoch.
    #[serde(default)]
    pub order: Order,
    /// Which parameters to end with.
    #[serde(default)]
    pub keep: Keep,
    /// The nodes that are trained, by name, in which `*` stands for any characters; the others stay as
    /// they are. All of them, where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<String>,
    /// What is minimised. In pretraining the nodes' own energy, if they have one; otherwise the losses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
}

const fn epochs() -> u64 {
    50
}

const fn batch() -> usize {
    32
}

const fn iterations() -> u64 {
    1
}

impl TrainingSpec {
    /// Training down the gradient with `search`: 50 epochs in batches of 32.
    pub fn new(search: impl Into<Plugin<dyn Search>>) -> Self {
        Self {
            nodes: Vec::new(),
            by: None,
            epochs: epochs(),
            batch: batch(),
            truncation: None,
            iterations: iterations(),
            direction: None,
            updaters: Vec::new(),
            search: search.into(),
            pace: Vec::new(),
            stopping: Vec::new(),
            metrics: Vec::new(),
            order: Order::Shuffled,
            keep: Keep::default(),
        }
    }

    /// What moves the parameters of a layout. [`Motion::check_aims`] tells whether every updater that
    /// is aimed hits something.
    #[must_use]
    pub fn motion(&self, layout: &Layout) -> Motion<'_> {
        let mut motion = Motion::new(&self.search).updaters(&self.updaters, layout);
        motion.direction = self.direction.as_ref();
        motion
    }

    /// The same training with one more updater: `Adam::default()` for all that is trained, or
    /// `Scale::new(2.0).on(BlockKind::Bias)`.
    #[must_use]
    pub fn updater(mut self, updater: impl Into<Aimed<dyn Updater>>) -> Self {
        self.updaters.push(updater.into());
        self
    }

    /// The same training with another number of rows per mini-batch.
    #[must_use]
    pub const fn batch(mut self, batch: usize) -> Self {
        self.batch = batch;
        self
    }

    /// The same training with gradients that reach back through no more time than this.
    #[must_use]
    pub const fn truncation(mut self, truncation: Truncation) -> Self {
        self.truncation = Some(truncation);
        self
    }

    /// The same training with one more rule by which scores change the learning rate.
    #[must_use]
    pub fn pace(mut self, rule: impl Into<Plugin<dyn Pace>>) -> Self {
        self.pace.push(rule.into());
        self
    }

    /// The same training with one more stopping rule.
    #[must_use]
    pub fn stopping(mut self, rule: impl Into<Plugin<dyn Stopping>>) -> Self {
        self.stopping.push(rule.into());
        self
    }

    /// The same training with another number of epochs.
    #[must_use]
    pub const fn epochs(mut self, epochs: u64) -> Self {
        self.epochs = epochs;
        self
    }
}

impl DataSpec {
    /// Data of `source`, split by `split`, not normalised.
    pub fn new(source: impl Into<Plugin<dyn Source>>, split: impl Into<Plugin<dyn Split>>) -> Self {
        Self { source: source.into(), split: split.into(), inputs: Vec::new(), targets: Vec::new() }
    }

    /// The same data with one more normaliser of the targets.
    #[must_use]
    pub fn normalize_targets(mut self, normalizer: impl Into<Aimed<dyn Normalizer>>) -> Self {
        self.targets.push(normalizer.into());
        self
    }

    /// The same data with one more normaliser of the inputs: `Standardize {}`, or
    /// `Standardize {}.on("age")` for some of their features.
    #[must_use]
    pub fn normalize(mut self, normalizer: impl Into<Aimed<dyn Normalizer>>) -> Self {
        self.inputs.push(normalizer.into());
        self
    }
}

impl Recipe {
    /// A recipe with seed 42 in single precision.
    #[must_use]
    pub fn new(data: DataSpec, network: NetworkSpec, training: TrainingSpec) -> Self {
        let (format, seed, precision) = (format_version(), Seed::default(), Arithmetic::default());
        let (start, pretraining) = (Vec::new(), Vec::new());
        Self { format, seed, precision, data, network, start, pretraining, training }
    }

    /// The same recipe with a network that starts from one more file.
    #[must_use]
    pub fn start(mut self, start: StartSpec) -> Self {
        self.start.push(start);
        self
    }

    /// The same recipe with one more phase of pretraining, of these nodes.
    #[must_use]
    pub fn pretrain(mut self, nodes: &[&str], training: TrainingSpec) -> Self {
        let nodes = nodes.iter().map(|&node| node.to_owned()).collect();
        self.pretraining.push(TrainingSpec { nodes, ..training });
        self
    }

    /// The same recipe with another seed.
    #[must_use]
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = Seed(seed);
        self
    }

    /// The same recipe in another precision.
    #[must_use]
    pub const fn precision(mut self, precision: Arithmetic) -> Self {
        self.precision = precision;
        self
    }
}
