//! Normalisation of signals: over the columns of a batch, or over the features of a column.

mod affine;
mod batch_norm;
pub(crate) mod column;
mod layer_norm;
mod rows;

pub use batch_norm::BatchNorm;
pub use layer_norm::LayerNorm;
