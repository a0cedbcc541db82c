//! `softmin`: y = e^(m − x) / Σ e^(m − x), column by column.
//!
//! x a column of the input, m = min x; ∂x = −y ⊙ (∂y − yᵀ∂y): the softmax of −x, for distances, of which
//! the smallest counts most.

use super::columns::{distributions, pull_back};
use crate::accept;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels};
use tanren_tensor::{Real, Shape, ShapeError};

/// Turns each column into a distribution in which the smallest number is the most probable.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Softmin {}

#[typetag::serde(name = "softmin")]
impl Layer for Softmin {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        accept::numbers(accept::single(inputs)?)
    }

    fn facts(&self) -> Facts {
        Facts { range: (0.0, 1.0), ..Facts::smooth() }
    }

    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Softmin {
    fn forward(&self, mut pass: Forward<'_, T>) {
        distributions(-T::ONE, pass.inputs[0].dense(), &mut pass.output);
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let Some(dx) = pass.downstream.get(0) else { return };
        pull_back(-T::ONE, pass.output, pass.upstream.read(), dx);
    }
}
