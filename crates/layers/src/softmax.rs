//! Softmax and its like: layers that turn each column into a distribution.

mod columns;
mod log_softmax;
#[allow(clippy::module_inception)] // the plugin that the family is called after
mod softmax;
mod softmin;

pub use log_softmax::LogSoftmax;
pub use softmax::Softmax;
pub use softmin::Softmin;
