//! `repeat`: the same column at every step.
//!
//! X features × 1, Y features × steps, as many as the sequences of the batch have: yₜ = x;  ∂x = Σ ∂yₜ.
//! Of an encoder's state it makes the input of a decoder.

use crate::accept;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels};
use tanren_tensor::{Real, Shape, ShapeError, Write, add_scaled};

/// Makes a sequence of one column, which every step has.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Repeat {}

#[typetag::serde(name = "repeat")]
impl Layer for Repeat {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        let input = accept::numbers(accept::single(inputs)?)?;
        match input.sequence {
            true => Err(ShapeError::new("one column for each example", input)),
            false => Ok(Shape { sequence: true, ..input }),
        }
    }
    fn facts(&self) -> Facts {
        Facts::smooth()
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Repeat {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let x = pass.inputs[0].dense();
        for (c, y) in pass.output.iter_mut().enumerate() {
            y.copy_from_slice(x.column(c % x.columns()));
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (dy, examples) = (pass.upstream.read(), pass.pass.extent.examples);
        let Some((write, mut dx)) = pass.downstream.get(0) else { return };
        if write == Write::Overwrite {
            dx.data().fill(T::ZERO);
        }
        for (c, dy) in dy.iter().enumerate() {
            add_scaled(Write::Add, T::ONE, dy, dx.column(c % examples));
        }
    }
}
