//! `acme/batch-norm`: y = γ (x − μ) / √(σ² + ε) + β, feature by feature.
//!
//! μ, σ² mean and variance over the columns of the batch, each counting its weight; in prediction
//! their moving averages. Source: Ioffe, Szegedy (2015), *Batch normalization*. Proves statistics:
//! blocks that only a committed step writes, no probe of a search, and that prediction reads.

use crate::armijo::Armijo;
use crate::harness::{SEED, Toy, same};
use serde::{Deserialize, Serialize};
use tanren_layers::{Constant, Dense, Zero};
use tanren_losses::Mse;
use tanren_network::{NetworkSpec, Runner};
use tanren_plugin::{
    Ask, Backward, BlockKind, Checked, Clock, Facts, Forward, Layer, LayerKernel, LayerKernels,
    Memory, Mode, Objective as _, ParamSpec, Plugin, Stepper,
};
use tanren_tensor::{Extent, Real, Shape, ShapeError, Welford, Write};
use tanren_testkit as testkit;
use tanren_trainer::TrainingSpec;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct BatchNorm {
    /// The share of the batch in the moving averages.
    pub(crate) share: f64,
    pub(crate) epsilon: f64,
}

impl Default for BatchNorm {
    fn default() -> Self {
        Self { share: 0.1, epsilon: 1e-3 }
    }
}

impl Checked for BatchNorm {}

#[typetag::serde(name = "acme/batch-norm")]
impl Layer for BatchNorm {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        match inputs {
            [x] if !x.indices => Ok(*x),
            _ => Err(ShapeError::new("one input of numbers", format!("{inputs:?}"))),
        }
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let shape = (inputs[0].features, 1);
        vec![
            ParamSpec::new("gain", BlockKind::Gain, shape, Constant { value: 1.0 }),
            ParamSpec::new("shift", BlockKind::Bias, shape, Zero {}),
            ParamSpec::new("mean", BlockKind::Statistic, shape, Zero {}),
            ParamSpec::new("variance", BlockKind::Statistic, shape, Constant { value: 1.0 }),
        ]
    }
    fn memory(&self, inputs: &[Shape], _: Extent) -> Memory {
        Memory { tape: 2 * inputs[0].features, scratch: 0 } // μ, σ²
    }
    fn facts(&self) -> Facts {
        Facts { disturbs: true, ..Facts::smooth() }
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for BatchNorm {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let x = pass.inputs[0].dense();
        let (gain, shift) = (pass.params.slice(0), pass.params.slice(1));
        let counts = pass.pass.weights.of(pass.pass.output);
        let weight = |n: usize| counts.map_or(1.0, |w| w[n].f64());
        let (mean, variance) = pass.tape.split_at_mut(x.features());
        mean.copy_from_slice(pass.params.slice(2));
        variance.copy_from_slice(pass.params.slice(3));
        for i in 0..x.features() {
            if pass.pass.mode == Mode::Training {
                let mut moments = Welford::default();
                x.iter().enumerate().for_each(|(n, x)| moments.add(x[i].f64(), weight(n)));
                (mean[i], variance[i]) = (T::of(moments.mean), T::of(moments.variance()));
            }
            let scale = gain[i] / (variance[i] + T::of(self.epsilon)).sqrt();
            for (y, x) in pass.output.iter_mut().zip(x.iter()) {
                y[i] = scale * (x[i] - mean[i]) + shift[i];
            }
        }
    }

    /// ∂xₙ = γ/s (∂yₙ − pₙ (Σ ∂y + x̂ₙ Σ ∂y x̂)), p = w / Σw, x̂ = (x − μ)/s, s = √(σ² + ε).
    fn backward(&self, mut pass: Backward<'_, T>) {
        let (x, dy) = (pass.inputs[0].dense(), pass.upstream.read());
        let counts = pass.pass.weights.of(pass.pass.output);
        let weight = |n: usize| counts.map_or(1.0, |w| w[n].f64());
        let total: f64 = (0..x.columns()).map(weight).sum();
        let (mean, variance) = pass.tape.split_at(x.features());
        for i in 0..x.features() {
            let s = (variance[i].f64() + self.epsilon).sqrt();
            let hat = |n: usize| (x.column(n)[i] - mean[i]).f64() / s;
            let live = |n: &usize| weight(*n) > 0.0;
            let sum = |f: &dyn Fn(usize) -> f64| (0..x.columns()).filter(live).map(f).sum::<f64>();
            let dshift = sum(&|n| dy.column(n)[i].f64());
            let dgain = sum(&|n| dy.column(n)[i].f64() * hat(n));
            for (block, d) in [(0, dgain), (1, dshift)] {
                if let Some((write, g)) = pass.grads.slice(block) {
                    g[i] = T::of(d) + if write == Write::Add { g[i] } else { T::ZERO };
                }
            }
            let scale = pass.params.slice(0)[i].f64() / s;
            if let Some((write, mut dx)) = pass.downstream.get(0) {
                for (n, dx) in dx.iter_mut().enumerate() {
                    let p = weight(n) / total;
                    let through = if p > 0.0 { p * (dshift + hat(n) * dgain) } else { 0.0 };
                    let d = T::of(scale * (dy.column(n)[i].f64() - through));
                    dx[i] = if write == Write::Add { dx[i] + d } else { d };
                }
            }
        }
        for (block, batch) in [(2, mean), (3, variance)] {
            if let Some(next) = pass.grads.statistic(block) {
                let share = T::of(self.share);
                next.iter_mut().zip(batch).for_each(|(m, &b)| *m += share * (b - *m));
            }
        }
    }
}

#[test]
fn conforms() {
    let options = testkit::LayerOptions { independent: false, ..Default::default() };
    testkit::layer_with(&BatchNorm::default(), &[Shape::vector(3)], &options);
    testkit::layer_with(&BatchNorm::default(), &[Shape::sequence(2)], &options);
    testkit::round_trip(&Plugin::<dyn Layer>::from(BatchNorm::default()));
}

fn toy() -> (Toy, NetworkSpec) {
    let toy = Toy::new((6, 1), &[Shape::vector(3)], &[Shape::vector(2)]);
    let layers = [Dense::new(4).into(), BatchNorm::default().into(), Dense::new(2).into()];
    (toy, NetworkSpec::chain(layers).loss(Mse {}))
}

#[test]
fn gradient_through_the_batch() {
    let (toy, spec) = toy();
    toy.check_gradient(&toy.network(&spec));
    let weighted = toy.weighted(&[1.0, 0.0, 2.0, 0.5, 1.0, 0.0]);
    weighted.check_gradient(&weighted.network(&spec));
}

/// A search asks for many values and slopes; the averages move once, to those of the start.
#[test]
fn only_a_committed_step_moves_the_averages() {
    let (toy, spec) = toy();
    let network = toy.network(&spec);
    let fixed = network.layout().trainable()..;
    let before: Vec<f64> = network.initialize(SEED);
    let mut runner = Runner::new(&network);
    let mut next = vec![f64::NAN; before.len()];
    let mut objective = toy.objective(&network, &mut runner, Clock::default());
    objective.evaluate(&before, Ask { penalty: false, gradient: Some(&mut next) });
    assert!(next[fixed.clone()] != before[fixed.clone()]);

    let training = TrainingSpec::new(Armijo { first: 64.0, ..Armijo::default() });
    let mut state = tanren_trainer::State::new(&network, &training, SEED);
    let mut stepper = Stepper::new(network.layout());
    let motion = training.motion(network.layout());
    let at = stepper.evaluate(&mut objective, &motion, &state.moving(), false);
    same(&state.parameters, &before);
    let taken = stepper.advance(&mut objective, at, &motion, state.moving());
    assert!(taken.rate > 0.0 && taken.rate < 64.0 && taken.fallback.is_none(), "{taken:?}");
    same(&state.parameters[fixed.clone()], &next[fixed]);
}

/// In prediction a column's output is the same in any company, and follows from the averages.
#[test]
fn prediction_reads_the_averages() {
    let (toy, spec) = toy();
    let network = toy.network(&spec);
    let training = TrainingSpec::new(Armijo::default());
    let (state, _) = toy.train(&network, &training, 5);
    let mut runner = Runner::new(&network);
    runner.infer(&network, &state.parameters, &toy.batch(), None);
    let all = runner.signal(&network, 2, toy.extent).data().to_vec();
    let mut alone = toy.clone();
    alone.extent = Extent::examples(1);
    alone.input(0).truncate(3);
    runner.infer(&network, &state.parameters, &alone.batch(), None);
    for (a, b) in runner.signal(&network, 2, alone.extent).data().iter().zip(&all) {
        assert!((a - b).abs() < 1e-14);
    }
}

/// Rows of weight 0 leave no trace in the averages.
#[test]
fn averages_are_weighted() {
    let (mut toy, spec) = toy();
    let training = TrainingSpec::new(Armijo::default());
    let means = |toy: &Toy| {
        let network = toy.network(&spec);
        let (state, _) = toy.train(&network, &training, 1);
        let blocks = ["mean", "variance"].map(|b| network.layout().find("acme/batch-norm-1", b));
        blocks.map(|b| state.parameters[b.unwrap().range.clone()].to_vec()).concat()
    };
    toy = toy.weighted(&[1.0, 1.0, 1.0, 1.0, 0.0, 0.0]);
    let clean = means(&toy);
    assert!(clean.iter().all(|&m| m != 0.0 && m != 1.0), "{clean:?}");
    toy.input(0)[12..].fill(1e6);
    same(&means(&toy), &clean);
}
