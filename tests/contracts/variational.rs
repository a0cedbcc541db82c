//! `acme/gaussian`: z = μ + σ ε, a sample of a normal distribution, with the divergence of that
//! distribution from the standard one as a term of the objective.
//!
//! Source: Kingma and Welling (2014), *Auto-encoding variational Bayes*, sections 2.4 and appendix B:
//! KL = ½ Σ (μ² + σ² − 1 − ln σ²). Proves that a layer adds to the objective with exact gradients, and
//! that a variational autoencoder needs no targets.

use crate::harness::{SEED, Toy};
use serde::{Deserialize, Serialize};
use tanren_layers::{Dense, Tanh};
use tanren_losses::Mse;
use tanren_network::{LossSpec, Network, NetworkSpec, Runner, TargetSpec};
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Ask, Backward, Checked, Clock, Facts, Forward, Layer, LayerKernel, LayerKernels, Mode,
    Objective as _, Plugin,
};
use tanren_tensor::{Real, Shape, ShapeError, Write};
use tanren_testkit as testkit;
use tanren_trainer::TrainingSpec;

/// From 2k inputs, k times μ and then k times ln σ², to k outputs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gaussian {
    /// The weight of the divergence.
    pub(crate) beta: f64,
}

impl Checked for Gaussian {}

#[typetag::serde(name = "acme/gaussian")]
impl Layer for Gaussian {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        match inputs {
            [x] if !x.indices && x.features % 2 == 0 => {
                Ok(Shape { features: x.features / 2, ..*x })
            }
            _ => {
                Err(ShapeError::new("one input of means and log-variances", format!("{inputs:?}")))
            }
        }
    }
    fn term(&self) -> Option<f64> {
        Some(self.beta)
    }
    fn facts(&self) -> Facts {
        Facts { disturbs: true, ..Facts::smooth() }
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Gaussian {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let examples = pass.pass.extent.examples;
        let x = pass.inputs[0].dense();
        for (c, (x, z)) in x.iter().zip(pass.output.iter_mut()).enumerate() {
            let (mean, log_variance) = x.split_at(z.len());
            let mut draws = pass.pass.draws_at(c % examples, c / examples);
            let mut divergence = 0.0;
            for ((z, &m), &s) in z.iter_mut().zip(mean).zip(log_variance) {
                let deviation = match pass.pass.mode {
                    Mode::Training => (0.5 * s.f64()).exp() * draws.normal(),
                    Mode::Inference => 0.0,
                };
                *z = m + T::of(deviation);
                let (m, s) = (m.f64(), s.f64());
                divergence += 0.5 * (m * m + s.exp() - 1.0 - s);
            }
            if let Some(value) = pass.term.get_mut(c) {
                *value = divergence;
            }
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (x, z, dz) = (pass.inputs[0].dense(), pass.output, pass.upstream.read());
        let Some((write, mut dx)) = pass.downstream.get(0) else { return };
        let half = T::of(0.5);
        let put = |at: &mut T, value: T| match write {
            Write::Overwrite => *at = value,
            Write::Add => *at += value,
        };
        for (c, dx) in dx.iter_mut().enumerate() {
            let (x, z, dz) = (x.column(c), z.column(c), dz.column(c));
            let w = pass.term.get(c).copied().unwrap_or(T::ZERO);
            for (i, &dz) in dz.iter().enumerate() {
                let (m, s) = (x[i], x[i + z.len()]);
                let term = |gradient: T| if w == T::ZERO { T::ZERO } else { w * gradient };
                put(&mut dx[i], dz + term(m));
                put(&mut dx[i + z.len()], half * (dz * (z[i] - m) + term(s.exp() - T::ONE)));
            }
        }
    }
}

fn autoencoder(beta: f64) -> (Toy, Network) {
    let toy = Toy::new((6, 1), &[Shape::vector(4)], &[]).weighted(&[1.0, 2.0, 0.5, 0.0, 1.0, 3.0]);
    let layers = [
        Dense::new(5).activation(Tanh {}).into(),
        Dense::new(4).into(),
        Gaussian { beta }.into(),
        Dense::new(4).into(),
    ];
    let input = TargetSpec::Input("x0".into());
    let losses = vec![LossSpec::new("dense-3", Mse {}).against(input)];
    let network = toy.network(&NetworkSpec { losses, ..NetworkSpec::chain(layers) });
    (toy, network)
}

#[test]
fn conforms() {
    for shape in [Shape::vector(4), Shape::sequence(2)] {
        testkit::layer(&Gaussian { beta: 0.3 }, &[shape]);
    }
    testkit::round_trip(&Plugin::<dyn Layer>::from(Gaussian { beta: 0.3 }));
}

#[test]
fn a_variational_autoencoder_has_exact_gradients() {
    let (toy, network) = autoencoder(0.7);
    toy.check_gradient(&network);
    toy.check_memory(&network);
}

/// The loss is that of the reconstruction plus β times the mean divergence of the rows that count.
#[test]
fn the_divergence_is_part_of_the_loss() {
    let loss = |beta: f64| {
        let (toy, network) = autoencoder(beta);
        let parameters: Vec<f64> = network.initialize(SEED);
        let mut runner = Runner::new(&network);
        let mut objective = toy.objective(&network, &mut runner, Clock::default());
        let ask = Ask { penalty: false, gradient: None };
        let loss = objective.evaluate(&parameters, ask).value();
        let code = runner.signal(&network, 1, toy.extent);
        let divergence = |x: &[f64]| {
            let (m, s) = x.split_at(2);
            m.iter().zip(s).map(|(m, s)| 0.5 * (m * m + s.exp() - 1.0 - s)).sum::<f64>()
        };
        let weights = toy.examples.as_ref().unwrap();
        let sum: f64 = code.iter().zip(weights).map(|(x, w)| w * divergence(x)).sum();
        (loss, sum / weights.iter().sum::<f64>())
    };
    let ((without, divergence), (with, _)) = (loss(0.0), loss(0.7));
    assert!((with - without - 0.7 * divergence).abs() < 1e-14, "{with} {without} {divergence}");
    assert!(divergence > 0.01);
}

/// A large β draws the codes towards the standard distribution.
#[test]
fn the_term_moves_the_parameters() {
    let (toy, network) = autoencoder(50.0);
    let (state, losses) =
        toy.train(&network, &TrainingSpec::new(LearningRate::constant(0.01)), 300);
    let mut runner = Runner::new(&network);
    runner.infer(&network, &state.parameters, &toy.batch(), None);
    let code = runner.signal(&network, 1, toy.extent);
    let counted = code.iter().zip(toy.examples.as_ref().unwrap()).filter(|(_, w)| **w > 0.0);
    let largest = counted.flat_map(|(x, _)| x).fold(0.0, |m: f64, x| m.max(x.abs()));
    assert!(largest < 0.2, "{largest}, losses {:?} to {:?}", losses[0].0, losses[299].0);
}
