//! `he-normal`, `he-uniform`: mean 0, variance 2 / in.
//!
//! in: connections into a unit. Keeps the variance of activations from layer to layer where half
//! of the units are off, as with rectifiers. Source: He, Zhang, Ren, Sun (2015), *Delving deep
//! into rectifiers*, equation 10.

use super::fill::{normal, uniform};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Fan, Init};
use tanren_tensor::Draws;

fn variance(fan: Fan) -> f64 {
    2.0 / fan.inputs as f64
}

/// Normal numbers of variance 2 / in.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct HeNormal {}

#[typetag::serde(name = "he-normal")]
impl Init for HeNormal {
    fn fill(&self, fan: Fan, _: usize, draws: &mut Draws, values: &mut [f64]) {
        normal(variance(fan), draws, values);
    }
}

/// Uniform numbers of variance 2 / in: in ±√(6 / in).
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct HeUniform {}

#[typetag::serde(name = "he-uniform")]
impl Init for HeUniform {
    fn fill(&self, fan: Fan, _: usize, draws: &mut Draws, values: &mut [f64]) {
        uniform(variance(fan), draws, values);
    }
}
