//! `variance-scaling`: mean 0, variance scale / n, where n is in, out or their mean.
//!
//! in, out: connections into and out of a unit. Its special cases have names of their own: He
//! (scale 2, in), LeCun (1, in), Xavier (1, mean). Truncated normal numbers are wider before they
//! are cut, so that what is left has the variance that is stated. Source: He, Zhang, Ren, Sun (2015),
//! *Delving deep into rectifiers*; Glorot, Bengio (2010), *Understanding the difficulty of training
//! deep feedforward neural networks*.

use super::fill::{normal, truncated, uniform};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Fan, Init};
use tanren_tensor::Draws;

/// What is counted of the connections of a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum FanMode {
    /// Those into it.
    #[default]
    In,
    /// Those out of it.
    Out,
    /// The mean of both.
    Mean,
}

/// The form of a distribution of mean 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// The normal distribution.
    Normal,
    /// The normal distribution without what is beyond two standard deviations.
    #[default]
    TruncatedNormal,
    /// The same density everywhere between two bounds.
    Uniform,
}

/// The standard deviation of the standard normal distribution that is cut at ±2:
/// √(1 − 4 φ(2) / (2 Φ(2) − 1)).
const CUT: f64 = 0.879_625_661_034_239_8;

/// Numbers of variance scale / n.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct VarianceScaling {
    /// The variance times n, above 0.
    #[setting(above = 0)]
    pub scale: f64,
    /// What n counts.
    pub fan: FanMode,
    /// The form of the distribution.
    pub form: Form,
}

impl Default for VarianceScaling {
    fn default() -> Self {
        Self { scale: 1.0, fan: FanMode::default(), form: Form::default() }
    }
}

#[typetag::serde(name = "variance-scaling")]
impl Init for VarianceScaling {
    fn fill(&self, fan: Fan, _: usize, draws: &mut Draws, values: &mut [f64]) {
        let (inputs, outputs) = (fan.inputs as f64, fan.outputs as f64);
        let variance = self.scale
            / match self.fan {
                FanMode::In => inputs,
                FanMode::Out => outputs,
                FanMode::Mean => f64::midpoint(inputs, outputs),
            };
        match self.form {
            Form::Normal => normal(variance, draws, values),
            Form::Uniform => uniform(variance, draws, values),
            Form::TruncatedNormal => {
                let deviation = variance.sqrt() / CUT;
                values.fill_with(|| deviation * truncated(2.0, draws));
            }
        }
    }
}
