//! `acme/activity`: a layer whose outputs are penalised, λ Σ |y| for each column.
//!
//! Source: Glorot, Bordes, Bengio (2011), *Deep sparse rectifier neural networks*, section 3.2. Proves
//! that a wrapper adds a term to the objective, whatever is inside, and that a network may be judged by
//! a term alone.

use crate::harness::Toy;
use crate::table::{Rows, recipe, train};
use crate::variational::Gaussian;
use serde::{Deserialize, Serialize};
use tanren_layers::{Dense, Rnn, Tanh};
use tanren_losses::Mse;
use tanren_network::NetworkSpec;
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, Memory, ParamSpec, Plugin,
    Precision,
};
use tanren_tensor::{Extent, Shape, ShapeError};
use tanren_testkit as testkit;
use tanren_trainer::TrainingSpec;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Activity {
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

pub(crate) fn activity(inner: impl Layer + 'static) -> Activity {
    Activity { inner: inner.into(), strength: 0.3 }
}

#[test]
fn conforms() {
    testkit::layer(&activity(Dense::new(3).activation(Tanh {})), &[Shape::vector(4)]);
    testkit::layer(&activity(Rnn::new(2)), &[Shape::sequence(3)]);
    testkit::round_trip(&Plugin::<dyn Layer>::from(activity(Dense::new(3))));
}

#[test]
fn hidden_and_last_layers_have_exact_gradients() {
    let toy = Toy::new((4, 3), &[Shape::sequence(3)], &[Shape::sequence(2)]).ragged(&[3, 1, 2, 3]);
    let layers = [activity(Rnn::new(4)).into(), activity(Dense::new(2)).into()];
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

/// A recipe needs no loss where a layer has a term, which is a score by the name of its node.
#[test]
fn a_recipe_may_be_judged_by_terms_alone() {
    let training = TrainingSpec::new(LearningRate::constant(0.1)).batch(8).epochs(5);
    let mut recipe = recipe(Rows::default(), training);
    recipe.network = NetworkSpec::chain([activity(Dense::new(3)).into()]);
    let trained = train(&recipe);
    let term = |epoch: usize| trained.history[epoch].validation["acme/activity-1/term"].0;
    assert!(term(4) < 0.9 * term(0), "{} and {}", term(0), term(4));
    assert_eq!(trained.train.get("acme/activity-1/term"), trained.train.get("loss"));

    recipe.network = NetworkSpec::chain([Dense::new(3).into()]);
    assert!(recipe.check().unwrap_err().to_string().contains("network.loss"));
}
