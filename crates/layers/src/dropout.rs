//! Noise on signals in training: dropout and its kin. In inference all of them are the identity.

mod alpha_dropout;
#[expect(clippy::module_inception, reason = "a plugin has the file of its name")]
mod dropout;
mod gaussian_dropout;
mod gaussian_noise;
mod mask;
mod spatial_dropout;

pub use alpha_dropout::AlphaDropout;
pub use dropout::Dropout;
pub use gaussian_dropout::GaussianDropout;
pub use gaussian_noise::GaussianNoise;
pub use spatial_dropout::SpatialDropout;
