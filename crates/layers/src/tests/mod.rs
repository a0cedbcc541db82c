//! Tests of the layers: numbers from PyTorch, paths through a kernel, what is refused.

mod functions;
mod golden;
mod harness;
mod initial;
mod noise;
mod norm;
mod paths;
mod refusals;
