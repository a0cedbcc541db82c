//! `last-step`: the last column of each sequence.
//!
//! X features × steps, Y features × 1; ∂X is ∂Y in the last column and 0 in all others. A sequence without
//! any step has a Y of 0.

use super::sequence;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels};
use tanren_tensor::{Real, Shape, ShapeError, Write, add_scaled};

/// Makes one column of a sequence: its last.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct LastStep {}

#[typetag::serde(name = "last-step")]
impl Layer for LastStep {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        Ok(Shape { sequence: false, ..sequence(inputs)? })
    }
    fn whole_sequences(&self) -> Option<&'static str> {
        Some("the last step of a sequence is known at its end only")
    }
    fn facts(&self) -> Facts {
        Facts::smooth()
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for LastStep {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let (x, examples) = (pass.inputs[0].dense(), pass.pass.extent.examples);
        for (n, y) in pass.output.iter_mut().enumerate() {
            match pass.pass.length(n) {
                0 => y.fill(T::ZERO),
                length => y.copy_from_slice(x.column((length - 1) * examples + n)),
            }
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (outer, dy) = (pass.pass, pass.upstream.read());
        let Some((write, mut dx)) = pass.downstream.get(0) else { return };
        if write == Write::Overwrite {
            dx.data().fill(T::ZERO);
        }
        for (n, dy) in dy.iter().enumerate() {
            if let Some(last) = outer.length(n).checked_sub(1) {
                let column = last * outer.extent.examples + n;
                add_scaled(Write::Add, T::ONE, dy, dx.column(column));
            }
        }
    }
}
