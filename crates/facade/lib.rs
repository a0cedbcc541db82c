//! One name for all of tanren: its crates as modules, and a prelude.
//!
#![doc = include_str!("../../README.md")]
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
        Csv, Digits, GivenSplit, Idx, Impute, Iris, MinMax, Npy, OneHot, RandomSplit, Standardize,
        SvmLight, Task, TrainTest,
    };
    pub use tanren_layers::{
        Add, Concatenate, Dense, HeNormal, HeUniform, LeakyRelu, Relu, Sigmoid, Tanh, XavierNormal,
        XavierUniform,
    };
    pub use tanren_losses::{BinaryCrossEntropy, CrossEntropy, L1, L2, Mse};
    pub use tanren_network::{Model, NetworkSpec, NodeSpec};
    pub use tanren_optimizers::{LearningRate, Steepest, Step};
    pub use tanren_plugin::{BlockKind, Event, Observer, On, Plugin, Reason, Seed, Select, Wants};
    pub use tanren_trainer::{
        Arithmetic, DataSpec, Ending, Keep, Options, Patience, Recipe, Scores, TrainError, Trained,
        TrainingSpec,
    };
    pub use tanren_updaters::{Adam, Momentum, Nesterov, Scale};
}
