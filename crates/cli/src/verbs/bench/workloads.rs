//! What `bench` measures: dense networks of a few sizes, with the settings other libraries are
//! measured with.

use super::uniform::Uniform;
use serde::Serialize;
use tanren_data::RandomSplit;
use tanren_layers::{Dense, HeNormal, Relu};
use tanren_losses::{CrossEntropy, L2};
use tanren_network::NetworkSpec;
use tanren_optimizers::LearningRate;
use tanren_trainer::{DataSpec, Recipe, TrainingSpec};
use tanren_updaters::{Adam, Nesterov};

/// The optimizer of a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Updates {
    /// Nesterov's momentum of 0.9 with rate 0.01 and an L2 penalty of 1e-4.
    Nesterov,
    /// Adam with rate 1e-3, without penalty.
    Adam,
}

/// A dense network with ReLU and cross-entropy, and random rows to train it on in single
/// precision.
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
    /// The optimizer.
    pub updates: Updates,
}

const fn nesterov(
    name: &'static str,
    sizes: &'static [usize],
    batch: usize,
    rows: usize,
) -> Workload {
    Workload { name, sizes, batch, rows, updates: Updates::Nesterov }
}

const GUIDE: &[usize] = &[784, 500, 250, 10];

/// Every workload, small to large.
pub const WORKLOADS: [Workload; 6] = [
    nesterov("mlp_tiny_b32", &[4, 16, 3], 32, 4800),
    nesterov("mlp_digits_b32", &[64, 64, 32, 10], 32, 9600),
    nesterov("mlp_guide_b32", GUIDE, 32, 9600),
    nesterov("mlp_guide_b128", GUIDE, 128, 12800),
    Workload { updates: Updates::Adam, ..nesterov("mlp_guide_adam_b32", GUIDE, 32, 9600) },
    nesterov("mlp_wide_b128", &[1024, 2048, 2048, 1000], 128, 2560),
];

impl Workload {
    /// The recipe that trains it.
    #[must_use]
    pub fn recipe(&self) -> Recipe {
        let (inputs, units, classes) = match self.sizes {
            [inputs, units @ .., classes] => (*inputs, units, *classes),
            _ => (0, &[][..], 0), // refused like any recipe with such data
        };
        let source = Uniform { rows: self.rows, features: inputs, classes, seed: 1 };
        let data = DataSpec::new(source, RandomSplit { test: 0.0, validation: 0.0 });
        let hidden = |&units| Dense::new(units).activation(Relu {}).init(HeNormal {}).into();
        let layers = units.iter().map(hidden).chain([Dense::new(classes).into()]);
        let network = NetworkSpec::chain(layers).loss(CrossEntropy {});
        let (network, rate) = match self.updates {
            Updates::Nesterov => (network.penalty(L2 { strength: 1e-4 }), 0.01),
            Updates::Adam => (network, 1e-3),
        };
        let training = TrainingSpec::new(LearningRate::constant(rate));
        let training = match self.updates {
            Updates::Nesterov => training.updater(Nesterov { momentum: 0.9 }),
            Updates::Adam => training.updater(Adam::default()),
        };
        Recipe::new(data, network, TrainingSpec { batch: self.batch, ..training })
    }
}
