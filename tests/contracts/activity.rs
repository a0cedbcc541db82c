//! `acme/activity`: a layer whose outputs are penalised, λ Σ |y| for each column.
//!
//! Source: Glorot, Bordes, Bengio (2011), *Deep sparse rectifier neural networks*, section 3.2. Proves
//! that a wrapper adds a term to the objective, whatever is inside, and that a network may be judged by
//! a term alone.

use crate::elman::Elman;
use crate::harness::Toy;
use crate::variational::Gaussian;
use serde::{Deserialize, Serialize};
use tanren_layers::{Dense, Tanh};
use tanren_losses::Mse;
use tanren_network::NetworkSpec;
use tanren_plugin::{
    Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, Memory, ParamSpec, Plugin,
    Precision,
};
use tanren_tensor::{Extent, Shape, ShapeError};
use tanren_testkit as testkit;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Activity {
    inner: Plugin<dyn Layer>,
    strength: f64,
}

impl Checked for Activity {}

#[typetag::serde(name = "acme/activity")]
impl Layer for Activity {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        self.inner.output(inputs)
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        self.inner.params(inputs)
    }
    fn memory(&self, inputs: &[Shape], extent: Extent) -> Memory {
        self.inner.memory(inputs, extent)
    }
    fn carry(&self, inputs: &[Shape]) -> usize {
        self.inner.carry(inputs)
    }
    fn term(&self) -> Option<f64> {
        Some(self.strength)
    }
    fn facts(&self) -> Facts {
        Facts { link: None, smooth: false, ..self.inner.facts() } // |y| has a kink
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Precision> LayerKernel<T> for Activity {
    fn forward(&self, mut pass: Forward<'_, T>) {
        self.inner.kernels().at::<T>().forward(pass.inner());
        for (value, y) in pass.term.iter_mut().zip(pass.output.iter_mut()) {
            *value = y.iter().map(|y| y.f64().abs()).sum();
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        for ((dy, y), &w) in pass.upstream.iter_mut().zip(pass.output.iter()).zip(pass.term) {
            for (dy, &y) in dy.iter_mut().zip(y) {
                *dy += match y {
                    y if y > T::ZERO => w,
                    y if y < T::ZERO => -w,
                    _ => T::ZERO,
                };
            }
        }
        self.inner.kernels().at::<T>().backward(pass.inner());
    }
}

fn activity(inner: impl Layer + 'static) -> Activity {
    Activity { inner: inner.into(), strength: 0.3 }
}

#[test]
fn conforms() {
    testkit::layer(&activity(Dense::new(3).activation(Tanh {})), &[Shape::vector(4)]);
    testkit::layer(&activity(Elman { units: 2 }), &[Shape::sequence(3)]);
    testkit::round_trip(&Plugin::<dyn Layer>::from(activity(Dense::new(3))));
}

#[test]
fn hidden_and_last_layers_have_exact_gradients() {
    let toy = Toy::new((4, 3), &[Shape::sequence(3)], &[Shape::sequence(2)]).ragged(&[3, 1, 2, 3]);
    let layers = [activity(Elman { units: 4 }).into(), activity(Dense::new(2)).into()];
    let network = toy.network(&NetworkSpec::chain(layers).loss(Mse {}));
    toy.check_gradient(&network);
    toy.check_memory(&network);
}

/// Nothing but terms: no loss, no targets, and a node nobody reads.
#[test]
fn terms_alone_are_an_objective() {
    let toy = Toy::new((5, 1), &[Shape::vector(3)], &[]);
    let layers = [Dense::new(4).activation(Tanh {}).into(), Gaussian { beta: 0.5 }.into()];
    let network = toy.network(&NetworkSpec::chain(layers));
    toy.check_gradient(&network);
    toy.check_memory(&network);
}
