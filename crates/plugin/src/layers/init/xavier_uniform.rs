//! `xavier-uniform`: uniform numbers of mean 0 and variance 2 / (in + out).
//!
//! in, out: connections into and out of a unit. A compromise that keeps both the variance of
//! activations and that of gradients from layer to layer where units are nearly linear. Source:
//! Glorot, Bengio (2010), *Understanding the difficulty of training deep feedforward neural
//! networks*, equation 16.

use crate::{Checked, Fan, Init};
use serde::{Deserialize, Serialize};
use tanren_tensor::Draws;

/// Uniform numbers of variance 2 / (in + out): in ±√(6 / (in + out)).
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct XavierUniform {}

#[typetag::serde(name = "xavier-uniform")]
impl Init for XavierUniform {
    fn fill(&self, fan: Fan, _: usize, draws: &mut Draws, values: &mut [f64]) {
        let variance = 2.0 / (fan.inputs as f64 + fan.outputs as f64);
        let a = (3.0 * variance).sqrt(); // the variance of numbers uniform in [−a, a) is a²/3
        values.fill_with(|| a * (2.0 * draws.uniform() - 1.0));
    }
}
