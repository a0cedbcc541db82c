//! What `bench` measures: networks of a few sizes, with the settings other libraries are measured with. They
//! are trained, or predict.

use super::uniform::Uniform;
use serde::Serialize;
use tanren_data::{RandomSplit, Standardize};
use tanren_layers::{Dense, HeNormal, Lstm, Relu, Tanh};
use tanren_losses::{CrossEntropy, L2};
use tanren_network::NetworkSpec;
use tanren_optimizers::{Lbfgs, LearningRate, StrongWolfe};
use tanren_trainer::{DataSpec, Recipe, TrainingSpec, Truncation};
use tanren_updaters::{Adam, ClipValue, Nesterov, RmsProp};

/// The optimizer of a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Updates {
    /// Nesterov's momentum of 0.9 with rate 0.01 and an L2 penalty of 1e-4.
    Nesterov,
    /// Adam with rate 1e-3, without penalty.
    Adam,
    /// RMSProp with rate 1e-3 and gradients within ±1, without penalty.
    RmsProp,
    /// L-BFGS of ten pairs with a strong Wolfe search, without penalty.
    LBfgs,
    /// None: a batch of standardized rows is predicted.
    None,
}

/// A network with cross-entropy, and random rows to train it on in single precision: a dense one with ReLU
/// (tanh for L-BFGS), or LSTMs with a class at every step, on segments of 50 steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Workload {
    /// Its name, which ends in the rows of a batch.
    #[serde(rename = "workload")]
    pub name: &'static str,
    /// Inputs, the units of each layer, and classes.
    pub sizes: &'static [usize],
    /// Rows of a batch.
    pub batch: usize,
    /// Rows of an epoch, a multiple of `batch`.
    pub rows: usize,
    /// Steps of a sequence of indices, which segments of 50 go through; 0 for rows of numbers.
    #[serde(skip_serializing_if = "none")]
    pub steps: usize,
    /// The optimizer.
    pub updates: Updates,
}

const fn none(steps: &usize) -> bool {
    *steps == 0
}

const fn nesterov(
    name: &'static str,
    sizes: &'static [usize],
    batch: usize,
    rows: usize,
) -> Workload {
    Workload { name, sizes, batch, rows, steps: 0, updates: Updates::Nesterov }
}

const GUIDE: &[usize] = &[784, 500, 250, 10];

/// Every workload that trains, small to large.
pub const WORKLOADS: [Workload; 9] = [
    nesterov("mlp_tiny_b32", &[4, 16, 3], 32, 4800),
    nesterov("mlp_digits_b32", &[64, 64, 32, 10], 32, 9600),
    nesterov("mlp_guide_b32", GUIDE, 32, 9600),
    nesterov("mlp_guide_b128", GUIDE, 128, 12800),
    Workload { updates: Updates::Adam, ..nesterov("mlp_guide_adam_b32", GUIDE, 32, 9600) },
    nesterov("mlp_wide_b128", &[1024, 2048, 2048, 1000], 128, 2560),
    Workload {
        updates: Updates::LBfgs,
        ..nesterov("lbfgs_fullbatch", &[784, 100, 10], 5000, 5000)
    },
    lstm("lstm_char_h128", &[64, 128, 64], 500),
    lstm("lstm_char_h256x2", &[64, 256, 256, 64], 300),
];

/// Steps of a segment.
const SEGMENT: usize = 50;

const fn lstm(name: &'static str, sizes: &'static [usize], steps: usize) -> Workload {
    Workload { steps, updates: Updates::RmsProp, ..nesterov(name, sizes, 32, 32) }
}

const fn predict(name: &'static str, rows: usize) -> Workload {
    Workload { updates: Updates::None, ..nesterov(name, &[64, 500, 250, 10], rows, rows) }
}

/// Every workload that predicts: one row, a few, and as many as the digits are.
const PREDICTIONS: [Workload; 3] =
    [predict("predict_b1", 1), predict("predict_b32", 32), predict("predict_b1797", 1797)];

/// All workloads.
pub(super) fn all() -> impl Iterator<Item = Workload> + Clone {
    WORKLOADS.into_iter().chain(PREDICTIONS)
}

impl Workload {
    /// The recipe that trains it.
    #[must_use]
    pub fn recipe(&self) -> Recipe {
        let (inputs, units, classes) = match self.sizes {
            [inputs, units @ .., classes] => (*inputs, units, *classes),
            _ => (0, &[][..], 0), // refused like any recipe with such data
        };
        let source =
            Uniform { rows: self.rows, features: inputs, classes, steps: self.steps, seed: 1 };
        let data = DataSpec::new(source, RandomSplit { test: 0.0, validation: 0.0 });
        let hidden = |&units| match self.updates {
            _ if self.steps > 0 => Lstm::new(units).into(),
            Updates::LBfgs => Dense::new(units).activation(Tanh {}).into(),
            _ => Dense::new(units).activation(Relu {}).init(HeNormal {}).into(),
        };
        let layers = units.iter().map(hidden).chain([Dense::new(classes).into()]);
        let network = NetworkSpec::chain(layers).loss(CrossEntropy::default());
        let training = |rate| TrainingSpec::new(LearningRate::constant(rate));
        let (data, network, training) = match self.updates {
            Updates::Nesterov => {
                let network = network.penalty(L2 { strength: 1e-4.into() });
                (data, network, training(0.01).updater(Nesterov { momentum: 0.9.into() }))
            }
            Updates::RmsProp => {
                let training = training(1e-3).updater(ClipValue { value: 1.0 });
                (data, network, training.updater(RmsProp::default()))
            }
            Updates::Adam => (data, network, training(1e-3).updater(Adam::default())),
            Updates::LBfgs => {
                let training = TrainingSpec::new(StrongWolfe::default());
                (
                    data,
                    network,
                    TrainingSpec { direction: Some(Lbfgs::default().into()), ..training },
                )
            }
            Updates::None => (data.normalize(Standardize {}), network, training(1e-3)),
        };
        let truncation = (self.steps > 0).then_some(Truncation::new(SEGMENT));
        Recipe::new(data, network, TrainingSpec { batch: self.batch, truncation, ..training })
    }
}
