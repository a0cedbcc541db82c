//! `acme/residual`: Y = X + f(X), f any layer that keeps the shape of its input.
//!
//! Source: He, Zhang, Ren, Sun (2016), *Deep residual learning for image recognition*. Proves an
//! inner layer whose gradient of the inputs is added to what the wrapper has written, and whose
//! random numbers, carry and facts are the wrapper's.

use crate::harness::Toy;
use serde::{Deserialize, Serialize};
use tanren_layers::{Dense, Rnn, Tanh};
use tanren_losses::{L2, Mse};
use tanren_network::NetworkSpec;
use tanren_plugin::{
    Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, Memory, ParamSpec, Plugin,
    Precision,
};
use tanren_tensor::{Extent, Shape, ShapeError, Signal, SignalMut, Write, add_scaled};
use tanren_testkit as testkit;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Residual {
    pub(crate) inner: Plugin<dyn Layer>,
}

impl Checked for Residual {}

#[typetag::serde(name = "acme/residual")]
impl Layer for Residual {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        let output = self.inner.output(inputs)?;
        match inputs {
            [x] if *x == output => Ok(output),
            _ => Err(ShapeError::new("an output of the shape of the only input", output)),
        }
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        self.inner.params(inputs)
    }
    fn memory(&self, inputs: &[Shape], extent: Extent) -> Memory {
        let inner = self.inner.memory(inputs, extent);
        Memory { tape: inner.tape + extent.len(inputs[0]), ..inner } // f(X)
    }
    fn carry(&self, inputs: &[Shape]) -> usize {
        self.inner.carry(inputs)
    }
    fn facts(&self) -> Facts {
        Facts { smooth: self.inner.facts().smooth, ..Facts::default() }
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Precision> LayerKernel<T> for Residual {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let x = pass.inputs[0].dense();
        let f = pass.take_tape(x.data().len());
        let inner = pass.inner().output(SignalMut::new(f, x.features()));
        self.inner.kernels().at::<T>().forward(inner);
        add_scaled(Write::Overwrite, T::ONE, x.data(), pass.output.data());
        add_scaled(Write::Add, T::ONE, f, pass.output.data());
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let x = pass.inputs[0].dense();
        let f = Signal::new(pass.take_tape(x.data().len()), x.features());
        if let Some((write, mut dx)) = pass.downstream.get(0) {
            add_scaled(write, T::ONE, pass.upstream.data(), dx.data());
        }
        self.inner.kernels().at::<T>().backward(pass.output(f).adding());
    }
}

#[test]
fn conforms() {
    let dense = Residual { inner: Dense::new(3).activation(Tanh {}).into() };
    for shape in [Shape::vector(3), Shape::sequence(3)] {
        testkit::layer(&dense, &[shape]);
    }
    testkit::layer(&Residual { inner: Rnn::new(2).into() }, &[Shape::sequence(2)]);
    testkit::round_trip(&Plugin::<dyn Layer>::from(dense));
}

#[test]
fn blocks_stand_on_each_other() {
    let block = |units| Residual { inner: Dense::new(units).activation(Tanh {}).into() };
    let stacked = Residual { inner: block(3).into() };
    let toy = Toy::new((5, 1), &[Shape::vector(3)], &[Shape::vector(2)]);
    let layers = [block(3).into(), stacked.into(), Dense::new(2).into()];
    toy.check_gradient(
        &toy.network(&NetworkSpec::chain(layers).loss(Mse {}).penalty(L2::default())),
    );
}
