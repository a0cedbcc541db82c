//! `acme/drop-connect`: a layer with each of its weights kept with probability 1 − p, then divided
//! by 1 − p; and the same disturbance as an option of a node.
//!
//! Source: Wan, Zeiler, Zhang, LeCun, Fergus (2013), *Regularization of neural networks using
//! DropConnect*, with a mask per update. Proves wrapper layers (`Params::packed`,
//! `Grads::packed`), weight noise, and that all probes of a search see one mask.

use crate::armijo::Armijo;
use crate::batch_norm::BatchNorm;
use crate::harness::{SEED, Toy, same};
use serde::{Deserialize, Serialize};
use tanren_layers::{Bidirectional, Dense, Rnn, Tanh};
use tanren_losses::{L2, Mse};
use tanren_network::{NetworkSpec, NodeSpec, Runner};
use tanren_plugin::{
    Ask, Backward, Block, BlockKind, Checked, Clock, Facts, Forward, Layer, LayerKernel,
    LayerKernels, Memory, Mode, NoiseKernel, NoiseKernels, Objective as _, ParamSpec, Pass, Plugin,
    Precision, Stepper, WeightNoise,
};
use tanren_tensor::{Extent, Real, Shape, ShapeError, add_scaled};
use tanren_testkit as testkit;
use tanren_trainer::{State, TrainingSpec};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DropConnect {
    pub(crate) inner: Plugin<dyn Layer>,
    pub(crate) rate: f64,
}

/// Multiplies by the mask of this update: the same for every example, probe and direction.
fn mask<T: Real>(rate: f64, pass: &Pass<'_, T>, name: &str, values: &mut [T]) {
    if pass.mode == Mode::Training {
        let mut draws = pass.stream.named(name).sample(pass.clock.iteration);
        let keep = T::of(1.0 / (1.0 - rate));
        values.iter_mut().for_each(|v| *v *= if draws.uniform() < rate { T::ZERO } else { keep });
    }
}

impl Checked for DropConnect {}

#[typetag::serde(name = "acme/drop-connect")]
impl Layer for DropConnect {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        self.inner.output(inputs)
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        self.inner.params(inputs)
    }
    fn memory(&self, inputs: &[Shape], extent: Extent) -> Memory {
        let own = self.params(inputs).iter().map(ParamSpec::len).sum::<usize>();
        let Memory { tape, scratch } = self.inner.memory(inputs, extent);
        Memory { tape: tape + own, scratch: scratch + own } // masked weights, their gradient
    }
    fn carry(&self, inputs: &[Shape]) -> usize {
        self.inner.carry(inputs)
    }
    fn facts(&self) -> Facts {
        Facts { link: None, disturbs: true, ..self.inner.facts() }
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

/// Kinds that are dropped.
const fn weight(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::Weight | BlockKind::Recurrent)
}

impl<T: Precision> LayerKernel<T> for DropConnect {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let masked = pass.take_tape(pass.params.len());
        let mut rest = &mut *masked;
        for (i, view) in pass.params.views().iter().enumerate() {
            let part = rest.split_off_mut(..view.range.len()).unwrap();
            part.copy_from_slice(pass.params.slice(i));
            if weight(view.kind) {
                mask(self.rate, pass.pass, &i.to_string(), part);
            }
        }
        let params = pass.params.packed(masked);
        self.inner.kernels().at::<T>().forward(pass.params(params));
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let masked = pass.take_tape(pass.params.len());
        let packed = pass.take_scratch(masked.len());
        packed.copy_from_slice(masked); // statistics start from what they are
        let (params, grads) = (pass.params.packed(masked), pass.grads.packed(packed));
        self.inner.kernels().at::<T>().backward(pass.inner().params(params).grads(grads));
        let mut rest = packed;
        for (i, view) in pass.params.views().iter().enumerate() {
            let part = rest.split_off_mut(..view.range.len()).unwrap();
            if weight(view.kind) {
                mask(self.rate, pass.pass, &i.to_string(), part);
            }
            if let Some(next) = pass.grads.statistic(i) {
                next.copy_from_slice(part);
            } else if let Some((write, gradient)) = pass.grads.slice(i) {
                add_scaled(write, T::ONE, part, gradient);
            }
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct DropNoise {
    pub(crate) rate: f64,
}

impl Default for DropNoise {
    fn default() -> Self {
        Self { rate: 0.5 }
    }
}

impl Checked for DropNoise {}

#[typetag::serde(name = "acme/drop-noise")]
impl WeightNoise for DropNoise {
    fn unbiased(&self) -> bool {
        true
    }
    fn kernels(&self) -> NoiseKernels<'_> {
        NoiseKernels::of(self)
    }
}

impl<T: Real> NoiseKernel<T> for DropNoise {
    fn disturb(&self, pass: &Pass<'_, T>, block: &Block, weights: &mut [T]) {
        mask(self.rate, pass, &block.name, weights);
    }
    fn differentiate(&self, pass: &Pass<'_, T>, block: &Block, gradient: &mut [T]) {
        mask(self.rate, pass, &block.name, gradient);
    }
}

/// The same network, disturbed by a wrapper or by the option of a node.
fn networks() -> (Toy, [NetworkSpec; 2]) {
    let toy = Toy::new((5, 1), &[Shape::vector(3)], &[Shape::vector(2)]);
    let inner = Dense::new(6).activation(Tanh {});
    let wrapped = DropConnect { inner: inner.clone().into(), rate: 0.5 };
    let noisy = NodeSpec {
        noise: Some(DropNoise::default().into()),
        ..NodeSpec::new("hidden", &["input"], inner)
    };
    let spec = |first: NodeSpec| {
        let nodes = [first, NodeSpec::new("out", &["hidden"], Dense::new(2))];
        NetworkSpec::graph(nodes).loss(Mse {}).penalty(L2 { strength: 0.1.into() })
    };
    (toy, [spec(NodeSpec::new("hidden", &["input"], wrapped)), spec(noisy)])
}

#[test]
fn conforms() {
    let dense = DropConnect { inner: Dense::new(3).activation(Tanh {}).into(), rate: 0.3 };
    // A mask is drawn in the order in which the weights lie, whoever reads them transposed.
    let options = testkit::LayerOptions { transposed: false, ..Default::default() };
    testkit::layer_with(&dense, &[Shape::sequence(4)], &options);
    testkit::round_trip(&Plugin::<dyn Layer>::from(dense));
    testkit::noise(&DropNoise::default());
    testkit::round_trip(&Plugin::<dyn WeightNoise>::from(DropNoise::default()));
    let both = Bidirectional::new(Rnn::new(2));
    let both = DropConnect { inner: both.into(), rate: 0.3 };
    testkit::layer_with(&both, &[Shape::sequence(2)], &options);
    let norm = DropConnect { inner: BatchNorm::default().into(), rate: 0.3 };
    let options = testkit::LayerOptions { independent: false, ..Default::default() };
    testkit::layer_with(&norm, &[Shape::vector(2)], &options);
}

#[test]
fn all_probes_see_one_mask() {
    let (toy, specs) = networks();
    for spec in specs {
        let network = toy.network(&spec);
        toy.check_gradient(&network);
        let mut runner = Runner::new(&network);
        let parameters: Vec<f64> = network.initialize(SEED);
        let value = |runner: &mut Runner<f64>, p: &[f64], iteration| {
            let clock = Clock { iteration, ..Clock::default() };
            let ask = Ask { penalty: true, gradient: None };
            toy.objective(&network, runner, clock).evaluate(p, ask).value()
        };
        let first = value(&mut runner, &parameters, 0);
        assert!(first != value(&mut runner, &parameters, 1), "every update has its own mask");
        assert_eq!(first.to_bits(), value(&mut runner, &parameters, 0).to_bits());

        // With one mask, what the search accepted is what is there afterwards.
        let training = TrainingSpec::new(Armijo { first: 8.0, ..Armijo::default() });
        let mut state = State::new(&network, &training, SEED);
        let motion = training.motion(network.layout());
        let mut stepper = Stepper::new(network.layout());
        for _ in 0..10 {
            let iteration = state.clock.iteration;
            let mut objective = toy.objective(&network, &mut runner, state.clock);
            let at = stepper.evaluate(&mut objective, &motion, &state.moving(), false);
            let slope = tanren_tensor::dot(&stepper.gradient, &stepper.gradient);
            let taken = stepper.advance(&mut objective, at, &motion, state.moving());
            assert_eq!(state.clock.iteration, iteration, "the clock does not tick in a search");
            let after = value(&mut runner, &state.parameters, iteration);
            assert!(after <= at.value() - 1e-4 * taken.rate * slope, "{taken:?}");
            state.clock.iteration += 1;
        }
    }
}

/// The noise is off in prediction.
#[test]
fn prediction_sees_all_weights() {
    let (toy, specs) = networks();
    let quiet = NetworkSpec::graph([
        NodeSpec::new("hidden", &["input"], Dense::new(6).activation(Tanh {})),
        NodeSpec::new("out", &["hidden"], Dense::new(2)),
    ]);
    let [a, b, c] = [&specs[0], &specs[1], &quiet.loss(Mse {})].map(|spec| {
        let network = toy.network(spec);
        let mut runner = Runner::new(&network);
        let parameters: Vec<f64> = network.initialize(SEED);
        runner.infer(&network, &parameters, &toy.batch(), None);
        runner.signal(&network, 1, toy.extent).data().to_vec()
    });
    same(&a, &c);
    same(&b, &c);
}

/// A noisy node keeps its statistics as a quiet one does.
#[test]
fn noise_leaves_statistics_alone() {
    let toy = Toy::new((5, 1), &[Shape::vector(3)], &[Shape::vector(3)]);
    let [quiet, noisy] = [None, Some(DropNoise::default().into())].map(|noise| {
        let node = NodeSpec { noise, ..NodeSpec::new("norm", &["input"], BatchNorm::default()) };
        let network = toy.network(&NetworkSpec::graph([node]).loss(Mse {}));
        toy.train(&network, &TrainingSpec::new(Armijo::default()), 3).0.parameters
    });
    same(&quiet, &noisy);
}
