//! Tests of the layers: numbers from PyTorch, paths through a kernel, what is refused.

mod functions;
mod golden;
mod harness;
mod initial;
mod paths;
mod refusals;
