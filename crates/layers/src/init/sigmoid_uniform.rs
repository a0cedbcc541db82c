//! `sigmoid-uniform`: uniform numbers in ±4 √(6 / (in + out)).
//!
//! in, out: connections into and out of a unit. Four times as wide as `xavier-uniform`, since the
//! slope of a sigmoid at 0 is a quarter of that of a tanh. Source: Bengio, Glorot, as given in the
//! deep learning tutorial of LISA (2010), *Multilayer perceptron*.

use super::fill::uniform;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Fan, Init};
use tanren_tensor::Draws;

/// Uniform numbers of variance 32 / (in + out): in ±4 √(6 / (in + out)).
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct SigmoidUniform {}

#[typetag::serde(name = "sigmoid-uniform")]
impl Init for SigmoidUniform {
    fn fill(&self, fan: Fan, _: usize, draws: &mut Draws, values: &mut [f64]) {
        uniform(32.0 / (fan.inputs as f64 + fan.outputs as f64), draws, values);
    }
}
