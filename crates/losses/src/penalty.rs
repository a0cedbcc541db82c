//! Penalties: terms of the objective that depend on the parameters alone.

mod elastic;
mod l1;
mod l2;
mod sign;

pub use elastic::Elastic;
pub use l1::L1;
pub use l2::L2;
