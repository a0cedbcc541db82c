//! `reverse`: each sequence from its end to its beginning.
//!
//! yₜ = x of step L − 1 − t, for a sequence of L steps; padding stays behind it. ∂X is ∂Y turned round.

use super::{sequence, turned};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels};
use tanren_tensor::{Real, Shape, ShapeError, add_scaled};

/// Turns each sequence round, within its own length.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Reverse {}

#[typetag::serde(name = "reverse")]
impl Layer for Reverse {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        sequence(inputs)
    }
    fn whole_sequences(&self) -> Option<&'static str> {
        Some("a sequence is turned round from its end")
    }
    fn facts(&self) -> Facts {
        Facts::smooth()
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Reverse {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let x = pass.inputs[0].dense();
        turned(pass.pass, |c, other| pass.output.column(c).copy_from_slice(x.column(other)));
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (outer, dy) = (pass.pass, pass.upstream.read());
        let Some((write, mut dx)) = pass.downstream.get(0) else { return };
        turned(outer, |c, other| add_scaled(write, T::ONE, dy.column(c), dx.column(other)));
    }
}
