//! From a specification to a runnable network, and the file a trained one is kept in.
//!
//! * [`NetworkSpec`] is the recipe's word: layers or a graph of nodes, losses, penalties.
//! * [`Network::assemble`] turns it into a [`Network`]: shapes, order, layout, wiring. Every shape
//!   error happens here, and all are reported at once.
//! * [`Runner`] holds the memory of a batch and runs it forward and backward; [`BatchObjective`]
//!   is the [`Objective`](tanren_plugin::Objective) of one mini-batch.
//! * [`Model`] is all that is needed to predict, in one `.safetensors` file.
//!
//! The crate knows no layer, loss or penalty by name, and predicts without a trainer.
#![forbid(unsafe_code)]

mod aim;
mod assemble;
mod backward;
mod energy;
mod error;
mod file;
mod fuse;
mod gather;
mod graph;
mod initialize;
mod model;
mod network;
mod objective;
mod parameters;
mod port;
mod prepared;
mod runner;
mod saved;
mod spec;
mod wiring;

pub use energy::EnergyObjective;
pub use error::{AssemblyError, ModelError};
pub use file::{TensorFile, TensorFileError, write_atomic};
pub use gather::Gather;
pub use model::{Model, ModelSpec, Predictions, predict};
pub use network::{Network, Node, Origin, Output, Port, Target};
pub use objective::{BatchObjective, ZeroWeight};
pub use parameters::Parameters;
pub use port::{PortSpec, Steps};
pub use prepared::Prepared;
pub use runner::{Carries, Runner};
pub use saved::inspect;
pub use spec::{LossSpec, NetworkSpec, NodeSpec, TargetSpec};
