//! From a specification to a runnable network, and the file a trained one is kept in.
//!
//! * [`NetworkSpec`] is the recipe's word: layers or a graph of nodes, losses, penalties.
//! * [`Network::assemble`] turns it into a [`Network`]: shapes, order, layout, wiring. Every shape
//!   error happens here, and all are reported at once.
//! * [`Runner`] holds the memory of a batch and runs it forward and backward; [`BatchObjective`]
//!   is the [`Objective`](tanren_plugin::Objective) of one mini-batch.
//! * [`Model`] is all that is needed to predict, in one `.safetensors` file; a [`Predictor`] does it.
//!
//! The crate knows no layer, loss or penalty by name, and predicts without a trainer.
#![forbid(unsafe_code)]

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod assemble;
mod error;
mod head;
mod initialize;
mod model;
mod network;
mod predictor;
mod prepared;
mod running;
mod spec;
mod streams;

pub use error::{AssemblyError, ModelError};
pub use head::{Head, WithHead};
pub use model::atomic_file::{AtomicFile, write_atomic};
pub use model::file::{TensorFile, TensorFileError};
pub use model::parameters::Parameters;
pub use model::saved::inspect;
pub use model::tensors::{Content, Matrices, Read, Tensors};
pub use model::{Model, ModelSpec, Predictions};
pub use network::{Network, Node, Origin, Output, Port, Target};
pub use predictor::{PredictedRows, Prediction, Predictor, Value};
pub use prepared::Prepared;
pub use prepared::gather::Gather;
pub use prepared::port::{PortSpec, Steps};
pub use prepared::step::Step;
pub use running::carry_buffers::CarryBuffers;
pub use running::energy::EnergyObjective;
pub use running::objective::{BatchObjective, ZeroWeight};
pub use running::runner::Runner;
pub use spec::{LossSpec, NetworkSpec, NodeSpec, TargetSpec};
pub use streams::{StreamState, Streams};
