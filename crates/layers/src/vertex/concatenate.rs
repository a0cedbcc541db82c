//! `concatenate`: Y = X₁ above X₂ above …
//!
//! Xᵢ featuresᵢ × columns, Y (Σ features) × columns; ∂Xᵢ is the part of ∂Y that came from Xᵢ.

use crate::accept;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels};
use tanren_tensor::{Real, Shape, ShapeError, add_scaled};

/// Stacks the features of one or more inputs.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Concatenate {}

#[typetag::serde(name = "concatenate")]
impl Layer for Concatenate {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        let &[first, ..] = inputs else {
            return Err(ShapeError::new("at least 1 input", "none"));
        };
        let mut features = 0_usize;
        for (i, &input) in inputs.iter().enumerate() {
            let place = |error: ShapeError| error.at(format!("input {i}"));
            accept::numbers(input).map_err(place)?;
            if input.sequence != first.sequence {
                let expected = if first.sequence { "a sequence" } else { "no sequence" };
                return Err(place(ShapeError::new(format!("{expected}, as input 0"), input)));
            }
            features = features
                .checked_add(input.features)
                .ok_or_else(|| place(ShapeError::new("fewer features", input)))?;
        }
        Ok(first.with_features(features))
    }

    fn facts(&self) -> Facts {
        Facts::smooth()
    }

    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Concatenate {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let mut start = 0;
        for input in pass.inputs {
            let x = input.dense();
            let rows = start..start + x.features();
            for (x, y) in x.iter().zip(pass.output.iter_mut()) {
                y[rows.clone()].copy_from_slice(x);
            }
            start = rows.end;
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let mut start = 0;
        for (i, input) in pass.inputs.iter().enumerate() {
            let rows = start..start + input.dense().features();
            start = rows.end;
            let Some((write, mut dx)) = pass.downstream.get(i) else { continue };
            for (dx, dy) in dx.iter_mut().zip(pass.upstream.iter_mut()) {
                add_scaled(write, T::ONE, &dy[rows.clone()], dx);
            }
        }
    }
}
