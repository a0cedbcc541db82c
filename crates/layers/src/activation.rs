//! Activations: scalar functions, and the layer that applies one.

mod identity;
mod layer;
mod leaky_relu;
mod relu;
mod sigmoid;
mod tanh;

pub use identity::Identity;
pub use layer::ActivationLayer;
pub use leaky_relu::LeakyRelu;
pub use relu::Relu;
pub use sigmoid::Sigmoid;
pub use tanh::Tanh;
