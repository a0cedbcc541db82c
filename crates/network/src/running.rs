//! Running a network: forward and backward passes over batches, and the objectives made of them.

pub(crate) mod backward;
pub(crate) mod carry_buffers;
pub(crate) mod energy;
pub(crate) mod objective;
pub(crate) mod runner;
pub(crate) mod states;
