//! What our own phases train: a network by its losses, and one node by its energy.

mod energy;
mod supervised;

pub use energy::EnergyTask;
pub(crate) use energy::FREE_ENERGY;
pub use supervised::{Supervised, Validation};
