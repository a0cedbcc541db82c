//! `lecun-normal`, `lecun-uniform`: mean 0, variance 1 / in.
//!
//! in: connections into a unit. Keeps the variance of activations from layer to layer where units
//! are linear, or self-normalising (SELU). Source: LeCun, Bottou, Orr, Müller (1998), *Efficient
//! backprop*, equation 16; Klambauer et al. (2017), *Self-normalizing neural networks*.

use super::fill::{normal, uniform};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Fan, Init};
use tanren_tensor::Draws;

fn variance(fan: Fan) -> f64 {
    1.0 / fan.inputs as f64
}

/// Normal numbers of variance 1 / in.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct LecunNormal {}

#[typetag::serde(name = "lecun-normal")]
impl Init for LecunNormal {
    fn fill(&self, fan: Fan, _: usize, draws: &mut Draws, values: &mut [f64]) {
        normal(variance(fan), draws, values);
    }
}

/// Uniform numbers of variance 1 / in: in ±√(3 / in).
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct LecunUniform {}

#[typetag::serde(name = "lecun-uniform")]
impl Init for LecunUniform {
    fn fill(&self, fan: Fan, _: usize, draws: &mut Draws, values: &mut [f64]) {
        uniform(variance(fan), draws, values);
    }
}
