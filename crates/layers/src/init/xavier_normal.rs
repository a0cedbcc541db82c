//! `xavier-normal`: normal numbers of mean 0 and variance 2 / (in + out).
//!
//! in, out: connections into and out of a unit. A compromise that keeps both the variance of
//! activations and that of gradients from layer to layer where units are nearly linear. Source:
//! Glorot, Bengio (2010), *Understanding the difficulty of training deep feedforward neural
//! networks*, equation 12.

use super::fill::normal;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Fan, Init};
use tanren_tensor::Draws;

/// Normal numbers of variance 2 / (in + out).
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct XavierNormal {}

#[typetag::serde(name = "xavier-normal")]
impl Init for XavierNormal {
    fn fill(&self, fan: Fan, _: usize, draws: &mut Draws, values: &mut [f64]) {
        let variance = 2.0 / (fan.inputs as f64 + fan.outputs as f64);
        normal(variance, draws, values);
    }
}
