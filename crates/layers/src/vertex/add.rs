//! `add`: Y = X₁ + X₂ + …
//!
//! All X features × columns, Y the same; ∂Xᵢ = ∂Y.

use crate::accept;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels};
use tanren_tensor::{Real, Shape, ShapeError, Write, add_scaled};

/// Adds two or more inputs of one shape, as residual connections do.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Add {}

#[typetag::serde(name = "add")]
impl Layer for Add {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        let &[first, ref others @ ..] = inputs else {
            return Err(ShapeError::new("at least 2 inputs", "none"));
        };
        if others.is_empty() {
            return Err(ShapeError::new("at least 2 inputs", "1 input"));
        }
        accept::numbers(first)?;
        match others.iter().position(|&other| other != first) {
            None => Ok(first),
            Some(i) => {
                let error = ShapeError::new(format!("{first}, as input 0"), others[i]);
                Err(error.at(format!("input {}", i + 1)))
            }
        }
    }

    fn facts(&self) -> Facts {
        Facts::smooth()
    }

    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Add {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let mut write = Write::Overwrite;
        for input in pass.inputs {
            add_scaled(write, T::ONE, input.dense().data(), pass.output.data());
            write = Write::Add;
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        for i in 0..pass.inputs.len() {
            if let Some((write, mut dx)) = pass.downstream.get(i) {
                add_scaled(write, T::ONE, pass.upstream.data(), dx.data());
            }
        }
    }
}
