//! `softmax`: y = e^(x − m) / Σ e^(x − m), column by column.
//!
//! x a column of the input, m = max x, which cancels and keeps e^ finite;
//! ∂x = y ⊙ (∂y − yᵀ∂y). Source: Bridle (1990), *Probabilistic interpretation of feedforward
//! classification network outputs*. Below a cross-entropy, which has its own softmax, the
//! assembly takes this layer away.

use crate::{ActivationLayer, Identity, accept};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, Link, Plugin,
};
use tanren_tensor::{Real, Shape, ShapeError, Write, combine, dot, exp, map, max, sum};

/// Turns each column into a distribution.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Softmax {}

impl Checked for Softmax {}

#[typetag::serde(name = "softmax")]
impl Layer for Softmax {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        accept::numbers(accept::single(inputs)?)
    }

    fn facts(&self) -> Facts {
        Facts { range: (0.0, 1.0), link: Some(Link::Softmax), ..Facts::smooth() }
    }

    fn linear(&self) -> Option<Plugin<dyn Layer>> {
        Some(ActivationLayer::new(Identity {}).into())
    }

    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Softmax {
    fn forward(&self, mut pass: Forward<'_, T>) {
        for (x, y) in pass.inputs[0].dense().iter().zip(pass.output.iter_mut()) {
            let m = max(x);
            combine(y, x, |_, x| x - m);
        }
        exp(pass.output.data());
        for y in pass.output.iter_mut() {
            let scale = T::of(1.0 / sum(y));
            map(y, |y| y * scale);
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let Some((write, mut dx)) = pass.downstream.get(0) else { return };
        let columns = pass.output.iter().zip(pass.upstream.read().iter()).zip(dx.iter_mut());
        for ((y, dy), dx) in columns {
            let mean = T::of(dot(y, dy));
            let terms = y.iter().zip(dy).map(|(&y, &dy)| y * (dy - mean));
            match write {
                Write::Overwrite => dx.iter_mut().zip(terms).for_each(|(dx, t)| *dx = t),
                Write::Add => dx.iter_mut().zip(terms).for_each(|(dx, t)| *dx += t),
            }
        }
    }
}
