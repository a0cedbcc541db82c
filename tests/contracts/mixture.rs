//! `acme/mixture`: −ln Σₖ πₖ N(t; μₖ, σₖ²I), a mixture density network.
//!
//! Outputs per column: K logits of π (by softmax), K logarithms of σ, K means μₖ of D numbers each.
//! Predictions: the mean of the mixture, D numbers, and its mean standard deviation. Source:
//! Bishop (1994), *Mixture density networks*. Proves losses whose outputs, targets and predictions
//! differ in size, with a link of their own.

use crate::harness::Toy;
use crate::table::{Rows, recipe, train};
use serde::{Deserialize, Serialize};
use tanren_layers::{Dense, Tanh};
use tanren_network::{NetworkSpec, Runner};
use tanren_optimizers::LearningRate;
use tanren_plugin::{Checked, Domain, Link, Loss, LossGradient, LossKernel, LossKernels, Plugin};
use tanren_tensor::{Input, Real, Shape, ShapeError, Signal, SignalMut, log_sum_exp};
use tanren_testkit as testkit;
use tanren_trainer::TrainingSpec;
use tanren_updaters::Adam;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Mixture {
    components: usize,
}

impl Default for Mixture {
    fn default() -> Self {
        Self { components: 2 }
    }
}

impl Checked for Mixture {}

#[typetag::serde(name = "acme/mixture")]
impl Loss for Mixture {
    fn link(&self) -> Link {
        Link::Other("acme/mixture")
    }
    fn domain(&self) -> Domain {
        Domain::Real
    }
    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        match target.indices || self.components == 0 {
            true => Err(ShapeError::new("numbers as targets, one component or more", target)),
            false => Ok(self.components * (2 + target.features)),
        }
    }
    fn predictions(&self, target: Shape, _: usize) -> usize {
        target.features + 1
    }
    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl Mixture {
    /// π, σ and the means of one column.
    fn parts<'a, T: Real>(&self, z: &'a [T]) -> (Vec<f64>, Vec<f64>, std::slice::Chunks<'a, T>) {
        let (k, d) = (self.components, z.len() / self.components - 2);
        let total = log_sum_exp(&z[..k]);
        let pi = z[..k].iter().map(|z| (z.f64() - total).exp()).collect();
        (pi, z[k..2 * k].iter().map(|s| s.f64().exp()).collect(), z[2 * k..].chunks(d))
    }
}

/// ‖a − b‖².
fn distance<T: Real>(a: &[T], b: impl Iterator<Item = f64>) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a.f64() - b).powi(2)).sum()
}

impl<T: Real> LossKernel<T> for Mixture {
    fn evaluate(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        mut gradient: Option<LossGradient<'_, T>>,
    ) {
        let (k, targets) = (self.components, targets.dense());
        let d = targets.features();
        for (n, (z, t)) in outputs.iter().zip(targets.iter()).enumerate() {
            let (pi, sigma, means) = self.parts(z);
            let squares: Vec<f64> = means
                .clone()
                .zip(&sigma)
                .map(|(mu, s)| distance(mu, t.iter().map(|t| t.f64())) / (s * s))
                .collect();
            let constant = 0.5 * d as f64 * std::f64::consts::TAU.ln();
            let log = |c: usize| {
                pi[c].max(f64::MIN_POSITIVE).ln() - d as f64 * z[k + c].f64() - 0.5 * squares[c]
            };
            let logs: Vec<f64> = (0..k).map(log).collect();
            let total = log_sum_exp(&logs);
            values[n] = constant - total;
            let Some(LossGradient { weights, out }) = &mut gradient else { continue };
            let (w, g) = (weights[n].f64(), out.column(n));
            for (c, mu) in means.enumerate() {
                let r = (logs[c] - total).exp(); // how much component c answers for t
                g[c] = T::of(w * (pi[c] - r));
                g[k + c] = T::of(w * r * (d as f64 - squares[c]));
                for ((g, mu), t) in g[2 * k + c * d..].iter_mut().zip(mu).zip(t) {
                    *g = T::of(w * r * (mu.f64() - t.f64()) / (sigma[c] * sigma[c]));
                }
            }
        }
    }

    fn predict(&self, outputs: Signal<'_, T>, mut predictions: SignalMut<'_, T>) {
        let d = predictions.features() - 1;
        for (z, p) in outputs.iter().zip(predictions.iter_mut()) {
            let (pi, sigma, means) = self.parts(z);
            let mean: Vec<f64> = (0..d)
                .map(|i| means.clone().zip(&pi).map(|(mu, pi)| pi * mu[i].f64()).sum())
                .collect();
            let spread = |((mu, pi), s): ((&[T], &f64), &f64)| {
                pi * (s * s + distance(mu, mean.iter().copied()) / d as f64)
            };
            let variance: f64 = means.zip(&pi).zip(&sigma).map(spread).sum();
            p.iter_mut().zip(&mean).for_each(|(p, &m)| *p = T::of(m));
            p[d] = T::of(variance.sqrt());
        }
    }
}

#[test]
fn conforms() {
    // The link is an exponential: it overflows by nature.
    let options = testkit::LossOptions { extreme: 10.0, ..Default::default() };
    let targets = [Shape::vector(1), Shape::vector(3), Shape::sequence(2)];
    testkit::loss_with(&Mixture { components: 3 }, &targets, &options);
    testkit::round_trip(&Plugin::<dyn Loss>::from(Mixture::default()));
}

/// Targets are ±1, whatever the input: one normal would do no better than ln √(2πe).
#[test]
fn two_branches_are_found() {
    let mut toy = Toy::new((16, 1), &[Shape::vector(1)], &[Shape::vector(1)]);
    toy.target(0)
        .iter_mut()
        .enumerate()
        .for_each(|(n, t)| *t = if n % 2 == 0 { 1.0 } else { -1.0 });
    let network = toy.network(&NetworkSpec::chain([Dense::new(6).into()]).loss(Mixture::default()));
    toy.check_gradient(&network);
    let training = TrainingSpec::new(LearningRate::constant(0.05)).updater(Adam::default());
    let (state, steps) = toy.train(&network, &training, 600);
    assert!(steps[599].0 < 0.5, "{}", steps[599].0);
    let mut width = 0;
    Runner::new(&network).predict(&network, &state.parameters, &toy.batch(), &mut |_, _, p| {
        width = p.features();
        assert!(p.iter().all(|p| (p[1] - 1.0).abs() < 0.2), "{p:?}");
    });
    assert_eq!(width, 2);
}

/// Scores that compare predictions with targets are not defined for these predictions.
#[test]
fn a_whole_run() {
    let training = TrainingSpec::new(LearningRate::constant(0.02)).updater(Adam::default());
    let mut recipe = recipe(Rows::default(), training);
    recipe.network.loss = Some(Mixture::default().into());
    recipe.network.layers = vec![Dense::new(6).activation(Tanh {}).into(), Dense::new(8).into()];
    let trained = train(&recipe);
    assert!(trained.history[4].loss.unwrap().0 < trained.history[0].loss.unwrap().0);
    let score = |name| trained.train.get(name).unwrap();
    assert!(score("loss").is_finite() && score("mse").is_nan() && score("r2").is_nan());
}
