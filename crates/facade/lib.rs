//! One name for all of tanren: its crates as modules, and a prelude.
//!
#![doc = include_str!("../../README.md")]
//!
//! # A recipe from a file
//!
//! The serde crate of its format reads a recipe. The error has the line, and you add the name of the file:
//!
//! ```no_run
//! use tanren::prelude::*;
//!
//! let file = "houses.toml";
//! let text = std::fs::read_to_string(file)?;
//! let recipe: Recipe = toml::from_str(&text).map_err(|error| format!("{file}: {error}"))?;
//! let trained = recipe.prepare()?.train(&mut (), &Options::default())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `unknown variant` means that no plugin of this name is known in the program: it is misspelt, or it is
//! in a crate that the program does not link. `use acme as _;` links the crate `acme`.
#![forbid(unsafe_code)]

pub use tanren_data as data;
pub use tanren_layers as layers;
pub use tanren_losses as losses;
pub use tanren_network as network;
pub use tanren_optimizers as optimizers;
pub use tanren_plugin as plugin;
pub use tanren_tensor as tensor;
pub use tanren_trainer as trainer;
pub use tanren_updaters as updaters;

/// The names most programs need.
pub mod prelude {
    pub use tanren_data::{
        Csv, Digits, GivenSplit, GroupSplit, Idx, Impute, Iris, MinMax, Npy, OneHot, RandomSplit,
        Standardize, SvmLight, Task, TimeSplit, TrainTest,
    };
    pub use tanren_layers::{
        Add, BatchNorm, Bidirectional, Concatenate, Dense, Dropout, Embedding, Gru, HeNormal,
        HeUniform, LastStep, LayerNorm, LeakyRelu, Lstm, Relu, Rnn, Sigmoid, Tanh, TimePooling,
        XavierNormal, XavierUniform,
    };
    pub use tanren_losses::{BinaryCrossEntropy, CrossEntropy, Elastic, L1, L2, MaxNorm, Mse};
    pub use tanren_network::{Head, Model, NetworkSpec, NodeSpec, Predictor};
    pub use tanren_optimizers::{
        Backtracking, Beta, ConjugateGradient, HagerZhang, Lbfgs, LearningRate, Minimizer,
        Steepest, Step, StrongWolfe,
    };
    pub use tanren_plugin::{BlockKind, Event, Observer, On, Plugin, Reason, Seed, Select, Wants};
    pub use tanren_trainer::{
        Arithmetic, DataSpec, Ending, Keep, MaxLoss, Options, Patience, Plateau, Recipe, Scores,
        StartSpec, TargetScore, TimeLimit, TrainError, Trained, TrainingSpec, Truncation,
    };
    pub use tanren_updaters::{Adam, Momentum, Nesterov, Scale, WeightDecay};
}
