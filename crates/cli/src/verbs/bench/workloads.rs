//! What `bench` measures: networks of a few sizes, with the settings other libraries are measured with. They
//! are trained, or predict.

use super::uniform::Uniform;
use serde::Serialize;
use tanren_data::{RandomSplit, Standardize};
use tanren_layers::{Bidirectional, Dense, Embedding, Gru, HeNormal, Lstm, Relu, Tanh};
use tanren_losses::{CrossEntropy, L2};
use tanren_network::NetworkSpec;
use tanren_optimizers::{Lbfgs, LearningRate, StrongWolfe};
use tanren_plugin::{Layer, Plugin};
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
    /// None: a batch of standardized rows is predicted, or a sequence, step by step.
    None,
}

/// The hidden layers of a workload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hidden {
    /// Dense, with ReLU; with tanh for L-BFGS.
    #[default]
    Dense,
    /// LSTMs, over segments of 50 steps.
    Lstm,
    /// Gated recurrent units, over segments of 50 steps.
    Gru,
    /// LSTMs in both directions, over whole sequences, behind an embedding as wide as the inputs.
    Bidirectional,
}

/// A network with cross-entropy, and random rows to train it on in single precision: numbers with a class, or
/// sequences of indices with a class at every step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Workload {
    /// Its name, which ends in the rows of a batch, or in the units of recurrent layers and how many there are.
    #[serde(rename = "workload")]
    pub name: &'static str,
    /// Inputs, the units of each layer, and classes.
    pub sizes: &'static [usize],
    /// Rows of a batch.
    pub batch: usize,
    /// Rows of an epoch, a multiple of `batch`.
    pub rows: usize,
    /// Steps of a sequence of indices; 0 for rows of numbers.
    #[serde(skip_serializing_if = "none")]
    pub steps: usize,
    /// The hidden layers.
    #[serde(skip_serializing_if = "is_dense")]
    pub hidden: Hidden,
    /// The optimizer.
    pub updates: Updates,
}

const fn none(steps: &usize) -> bool {
    *steps == 0
}

fn is_dense(hidden: &Hidden) -> bool {
    *hidden == Hidden::Dense
}

const GUIDE: &[usize] = &[784, 500, 250, 10];

/// Every workload that trains, small to large.
pub const WORKLOADS: [Workload; 11] = [
    Workload::dense("mlp_tiny_b32", &[4, 16, 3], 32, 4800),
    Workload::dense("mlp_digits_b32", &[64, 64, 32, 10], 32, 9600),
    Workload::dense("mlp_guide_b32", GUIDE, 32, 9600),
    Workload::dense("mlp_guide_b128", GUIDE, 128, 12800),
    Workload { updates: Updates::Adam, ..Workload::dense("mlp_guide_adam_b32", GUIDE, 32, 9600) },
    Workload::dense("mlp_wide_b128", &[1024, 2048, 2048, 1000], 128, 2560),
    Workload {
        updates: Updates::LBfgs,
        ..Workload::dense("lbfgs_fullbatch", &[784, 100, 10], 5000, 5000)
    },
    Workload::recurrent("lstm_char_h128", Hidden::Lstm, &[64, 128, 64], 500),
    Workload::recurrent("lstm_char_h256x2", Hidden::Lstm, &[64, 256, 256, 64], 300),
    Workload::recurrent("gru_char_h128", Hidden::Gru, &[64, 128, 64], 500),
    Workload {
        rows: 320,
        ..Workload::recurrent("bilstm_char_h128", Hidden::Bidirectional, &[64, 128, 64], SEGMENT)
    },
];

/// Steps of a segment.
const SEGMENT: usize = 50;

const fn predict(name: &'static str, rows: usize) -> Workload {
    Workload { updates: Updates::None, ..Workload::dense(name, &[64, 500, 250, 10], rows, rows) }
}

/// Every workload that predicts: one row, a few, and as many as the digits are; and one sequence, step by step.
const PREDICTIONS: [Workload; 4] = [
    predict("predict_b1", 1),
    predict("predict_b32", 32),
    predict("predict_b1797", 1797),
    Workload {
        hidden: Hidden::Lstm,
        steps: 1000,
        sizes: &[64, 256, 64],
        ..predict("stream_lstm_h256", 1)
    },
];

/// All workloads.
pub(super) fn all() -> impl Iterator<Item = Workload> + Clone {
    WORKLOADS.into_iter().chain(PREDICTIONS)
}

impl Workload {
    /// A dense network that is trained with Nesterov's momentum.
    #[must_use]
    pub const fn dense(
        name: &'static str,
        sizes: &'static [usize],
        batch: usize,
        rows: usize,
    ) -> Self {
        let (steps, hidden, updates) = (0, Hidden::Dense, Updates::Nesterov);
        Self { name, sizes, batch, rows, steps, hidden, updates }
    }

    /// Recurrent layers over sequences of so many steps, a batch of 32, trained with RMSProp.
    #[must_use]
    pub const fn recurrent(
        name: &'static str,
        hidden: Hidden,
        sizes: &'static [usize],
        steps: usize,
    ) -> Self {
        Self { hidden, steps, updates: Updates::RmsProp, ..Self::dense(name, sizes, 32, 32) }
    }

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
        let embedding =
            matches!(self.hidden, Hidden::Bidirectional).then(|| Embedding::new(inputs).into());
        let hidden = units.iter().map(|&units| self.layer(units));
        let layers = embedding.into_iter().chain(hidden).chain([Dense::new(classes).into()]);
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
            Updates::None if self.steps > 0 => (data, network, training(1e-3)),
            Updates::None => (data.normalize(Standardize {}), network, training(1e-3)),
        };
        let carries = matches!(self.hidden, Hidden::Lstm | Hidden::Gru);
        let truncation = carries.then_some(Truncation::new(SEGMENT));
        Recipe::new(data, network, TrainingSpec { batch: self.batch, truncation, ..training })
    }

    /// A hidden layer.
    fn layer(&self, units: usize) -> Plugin<dyn Layer> {
        match self.hidden {
            Hidden::Lstm => Lstm::new(units).into(),
            Hidden::Gru => Gru::new(units).into(),
            Hidden::Bidirectional => Bidirectional::new(Lstm::new(units)).into(),
            Hidden::Dense if self.updates == Updates::LBfgs => {
                Dense::new(units).activation(Tanh {}).into()
            }
            Hidden::Dense => Dense::new(units).activation(Relu {}).init(HeNormal {}).into(),
        }
    }
}
