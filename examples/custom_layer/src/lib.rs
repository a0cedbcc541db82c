//! A layer from outside: swish with a learned slope, y = x · σ(βx).
//!
//! Source: P. Ramachandran, B. Zoph, Q. V. Le, *Searching for activation functions* (2017).
//! The crate depends on the contracts alone. Linking it is all a program needs to know the layer.
#![forbid(unsafe_code)]

use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Backward, BlockKind, Checked, Facts, Fan, Forward, Init, Layer, LayerKernel, LayerKernels,
    ParamSpec,
};
use tanren_tensor::{Draws, Real, Shape, ShapeError, Write};

/// y = x · σ(βx), one β for all features, learned from where it starts.
#[derive(Clone, Debug, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Swish {
    /// β before the first step.
    pub beta: f64,
}

impl Default for Swish {
    fn default() -> Self {
        Self { beta: 1.0 }
    }
}

/// The initial value of a block is a plugin too; this one knows its layer's β.
#[typetag::serde(name = "acme/swish-init")]
impl Init for Swish {
    fn fill(&self, _: Fan, _: usize, _: &mut Draws, values: &mut [f64]) {
        values.fill(self.beta);
    }
}

#[typetag::serde(name = "acme/swish")]
impl Layer for Swish {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        match inputs {
            [shape] if !shape.indices => Ok(*shape),
            [shape] => Err(ShapeError::new("numbers", shape)),
            _ => Err(ShapeError::new("one input", inputs.len())),
        }
    }
    fn params(&self, _: &[Shape]) -> Vec<ParamSpec> {
        vec![ParamSpec::new("beta", BlockKind::Gain, (1, 1), self.clone())]
    }
    fn facts(&self) -> Facts {
        Facts::smooth()
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Swish {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let (beta, x) = (pass.params.slice(0)[0], pass.inputs[0].dense().data());
        for (y, &x) in pass.output.data().iter_mut().zip(x) {
            *y = x / (T::ONE + (-beta * x).exp());
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (beta, x) = (pass.params.slice(0)[0], pass.inputs[0].dense().data());
        let sigma = |x: T| T::ONE / (T::ONE + (-beta * x).exp());
        if let Some((write, slope)) = pass.grads.slice(0) {
            let d = |(&dy, &x): (&T, &T)| dy * x * x * sigma(x) * (T::ONE - sigma(x)); // dy · ∂y/∂β
            let sum: f64 = pass.upstream.data().iter().zip(x).map(|p| d(p).f64()).sum();
            slope[0] = T::of(sum) + if write == Write::Add { slope[0] } else { T::ZERO };
        }
        if let Some((write, mut dx)) = pass.downstream.get(0) {
            for ((dx, &dy), &x) in dx.data().iter_mut().zip(pass.upstream.data().iter()).zip(x) {
                let s = sigma(x);
                let d = dy * (s + beta * x * s * (T::ONE - s));
                *dx = if write == Write::Add { *dx + d } else { d };
            }
        }
    }
}
