//! `embedding`: a column of numbers for each level, yₙ = column xₙ of W.
//!
//! x indices, W size × levels; ∂W gets ∂yₙ added to column xₙ. A dense layer on indices without bias, by the
//! name it is known by. Source: Bengio, Ducharme, Vincent, Jauvin (2003), *A neural probabilistic language
//! model*.

use crate::{Normal, accept, linear};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Backward, Checked, Facts, Forward, Init, Layer, LayerKernel, LayerKernels, ParamSpec, Plugin,
};
use tanren_tensor::{Real, Shape, ShapeError};

/// Numbers that are learnt for each level. Its block is `weight` (size × levels).
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Embedding {
    /// Numbers for each level, at least 1.
    #[setting(from = 1)]
    pub size: usize,
    /// Initial numbers; `normal` with a deviation of 1 unless said.
    #[serde(default = "normal")]
    pub init: Plugin<dyn Init>,
}

fn normal() -> Plugin<dyn Init> {
    Normal { mean: 0.0, std: 1.0 }.into()
}

impl Embedding {
    /// So many numbers for each level.
    #[must_use]
    pub fn new(size: usize) -> Self {
        Self { size, init: normal() }
    }
}

#[typetag::serde(name = "embedding")]
impl Layer for Embedding {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        let input = accept::filled(accept::single(inputs)?)?;
        if !input.indices {
            return Err(ShapeError::new("an index", input));
        }
        if self.size == 0 || self.size.checked_mul(input.features).is_none() {
            let expected = "a number of weights above 0 that fits in memory";
            let found = format!("{} numbers for each of {} levels", self.size, input.features);
            return Err(ShapeError::new(expected, found));
        }
        Ok(input.with_features(self.size))
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let shape = (self.size, inputs[0].features);
        vec![ParamSpec::weight("weight", shape).init(self.init.clone())]
    }
    fn facts(&self) -> Facts {
        Facts::smooth()
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Embedding {
    fn forward(&self, mut pass: Forward<'_, T>) {
        linear::project(pass.params, None, pass.inputs[0], &mut pass.output);
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let dz = pass.upstream.read();
        linear::weight_gradient(pass.pass, &mut pass.grads, pass.inputs[0], dz);
    }
}
