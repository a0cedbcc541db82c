//! `acme/leaky-integrator`: hₜ = a·hₜ₋₁ + (1 − a)·xₜ, a recurrent layer without weights.
//!
//! x input, h state and output, a share kept. Source: Jaeger, Lukoševičius, Popovici, Siewert
//! (2007), *Optimization and applications of echo state networks with leaky-integrator neurons*.
//! Proves the carry: its size, `after`, columns of weight 0, gradients within a segment.

use crate::harness::{Toy, same};
use serde::{Deserialize, Serialize};
use tanren_layers::Dense;
use tanren_losses::Mse;
use tanren_network::{CarryBuffers, Network, NetworkSpec, Runner};
use tanren_plugin::{
    Ask, Backward, Checked, Clock, Facts, Forward, Layer, LayerKernel, LayerKernels, Memory,
    Objective as _, Plugin,
};
use tanren_tensor::{Extent, Real, Shape, ShapeError, Write, mat_mut};
use tanren_testkit as testkit;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LeakyIntegrator {
    keep: f64,
}

impl Default for LeakyIntegrator {
    fn default() -> Self {
        Self { keep: 0.7 }
    }
}

impl Checked for LeakyIntegrator {}

#[typetag::serde(name = "acme/leaky-integrator")]
impl Layer for LeakyIntegrator {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        match inputs {
            [x] if x.sequence && !x.indices => Ok(*x),
            _ => Err(ShapeError::new("one sequence of numbers", format!("{inputs:?}"))),
        }
    }
    fn memory(&self, inputs: &[Shape], extent: Extent) -> Memory {
        Memory { tape: 0, scratch: inputs[0].features * extent.examples }
    }
    fn carry(&self, inputs: &[Shape]) -> usize {
        inputs[0].features
    }
    fn facts(&self) -> Facts {
        Facts::smooth()
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for LeakyIntegrator {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let (a, x, h) = (T::of(self.keep), pass.inputs[0].dense(), pass.scratch);
        let (examples, width) = (pass.pass.extent.examples, x.features());
        h.fill(T::ZERO);
        if let Some(carry) = &mut pass.carry {
            mat_mut(h, width, examples).copy_from(&carry.incoming);
            carry.outgoing.copy_from(&carry.incoming);
        }
        for (c, (x, y)) in x.iter().zip(pass.output.iter_mut()).enumerate() {
            let h = &mut h[c % examples * width..][..width];
            if pass.pass.weights.mask.is_none_or(|w| w[c] != T::ZERO) {
                h.iter_mut().zip(x).for_each(|(h, &x)| *h = a * *h + (T::ONE - a) * x);
            }
            y.copy_from_slice(h);
            if let Some(carry) = pass.carry.as_mut().filter(|carry| c / examples < carry.after) {
                carry.outgoing.column_mut(c % examples).copy_from_slice(h);
            }
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (a, dh, dy) = (T::of(self.keep), pass.scratch, pass.upstream.read());
        let Some((write, mut dx)) = pass.downstream.get(0) else { return };
        let (examples, width) = (pass.pass.extent.examples, dy.features());
        dh.fill(T::ZERO);
        for c in (0..dy.columns()).rev() {
            let counts = pass.pass.weights.mask.is_none_or(|w| w[c] != T::ZERO);
            let dh = &mut dh[c % examples * width..][..width];
            for ((dh, &dy), dx) in dh.iter_mut().zip(dy.column(c)).zip(dx.column(c)) {
                *dh += dy;
                let d = if counts { (T::ONE - a) * *dh } else { T::ZERO };
                *dx = if write == Write::Add { *dx + d } else { d };
                *dh *= if counts { a } else { T::ONE };
            }
        }
    }
}

/// A learned layer below the integrator, so that its gradient is needed.
pub(crate) fn network(toy: &Toy) -> Network {
    let layers = [Dense::new(2).into(), LeakyIntegrator::default().into()];
    toy.network(&NetworkSpec::chain(layers).loss(Mse {}))
}

pub(crate) fn toy() -> Toy {
    Toy::new((3, 6), &[Shape::sequence(3)], &[Shape::sequence(2)]).ragged(&[6, 2, 5])
}

/// The steps `range` of a batch of sequences.
pub(crate) fn segment(toy: &Toy, range: std::ops::Range<usize>) -> Toy {
    let mut part = toy.clone();
    let cut = |x: &mut Vec<f64>, width: usize| {
        let width = width * toy.extent.examples;
        *x = x[range.start * width..range.end * width].to_vec();
    };
    cut(part.input(0), 3);
    cut(part.target(0), 2);
    cut(part.columns.as_mut().unwrap(), 1);
    part.extent.steps = range.len();
    part
}

#[test]
fn conforms() {
    testkit::layer(&LeakyIntegrator::default(), &[Shape::sequence(3)]);
    testkit::round_trip(&Plugin::<dyn Layer>::from(LeakyIntegrator::default()));
    let toy = toy();
    toy.check_gradient(&network(&toy));
}

/// Asserts that inference in segments gives what one long sequence gives, by the signal of node 1. The segments
/// overlap: each reads four steps and moves on by two.
pub(crate) fn check_segments(toy: &Toy, network: &Network) {
    let parameters: Vec<f64> = network.initialize(crate::harness::SEED);
    let mut runner = Runner::new(network);
    runner.infer(network, &parameters, &toy.batch(), None);
    let whole = runner.signal(network, 1, toy.extent).data().to_vec();
    let mut carries = CarryBuffers::new(network, 3);
    for (start, end, after) in [(0, 4, 2), (2, 6, 2), (4, 6, 2)] {
        let part = segment(toy, start..end);
        runner.infer(network, &parameters, &part.batch(), Some((&mut carries, after)));
        same(runner.signal(network, 1, part.extent).data(), &whole[start * 6..end * 6]);
        carries.commit();
    }
}

#[test]
fn inference_in_segments_is_one_long_sequence() {
    let toy = toy();
    check_segments(&toy, &network(&toy));
}

/// The tape ends at a segment, the state does not; asking twice changes nothing.
#[test]
fn objectives_of_segments() {
    let toy = toy();
    let network = network(&toy);
    let parameters: Vec<f64> = network.initialize(crate::harness::SEED);
    let (mut runner, mut carries) = (Runner::new(&network), CarryBuffers::new(&network, 3));
    let mut total = 0.0;
    for range in [0..3, 3..6] {
        let part = segment(&toy, range);
        let weight: f64 = part.columns.as_ref().unwrap().iter().sum();
        let objective = part.objective(&network, &mut runner, Clock::default());
        let mut objective = objective.segment(&mut carries, 3);
        testkit::objective(&mut objective, &parameters, true);
        let ask = Ask { penalty: false, gradient: None };
        total += weight * objective.evaluate(&parameters, ask).value();
        carries.commit();
    }
    let mut objective = toy.objective(&network, &mut runner, Clock::default());
    let whole = objective.evaluate(&parameters, Ask { penalty: false, gradient: None }).value();
    assert!((total / 13.0 - whole).abs() < 1e-14, "{} and {whole}", total / 13.0);
}
