//! Running a network: forward and backward passes over batches, and the objectives made of them.

pub(crate) mod backward;
pub(crate) mod carries;
pub(crate) mod energy;
pub(crate) mod objective;
pub(crate) mod runner;
