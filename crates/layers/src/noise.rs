//! Noise on weights in training. In inference a layer has its true weights.

mod drop_connect;
mod weight_noise;

pub use drop_connect::DropConnect;
pub use weight_noise::{NoiseForm, NormalWeightNoise};
