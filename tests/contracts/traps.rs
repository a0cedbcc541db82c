//! What must hold for every plugin: the traps of weights, noise and segments.
//!
//! The gradient is divided by the weight of the examples before any updater sees it; columns of
//! weight 0 count nothing; an objective gives the same bits however often and whatever is asked.

use crate::batch_norm::BatchNorm;
use crate::drop_connect::DropNoise;
use crate::harness::{SEED, Toy, same};
use tanren_layers::{Dense, Relu};
use tanren_losses::{L2, Mse};
use tanren_network::{BatchObjective, Network, NetworkSpec, NodeSpec, Runner};
use tanren_optimizers::LearningRate;
use tanren_plugin::{Aimed, Ask, Checked, Clock, Objective as _, Slots, UpdateAt};
use tanren_plugin::{Updater, UpdaterKernel, UpdaterKernels};
use tanren_tensor::{Real, Shape};
use tanren_trainer::TrainingSpec;

/// Clips every number of the step to ±limit: what a division after it would undo.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Clip {
    limit: f64,
}

impl Checked for Clip {}

#[typetag::serde(name = "acme/clip")]
impl Updater for Clip {
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Clip {
    fn update(&self, _: &UpdateAt<'_>, _: &[T], _: Slots<'_, T>, step: &mut [T]) {
        let limit = T::of(self.limit);
        step.iter_mut().for_each(|s| *s = s.max(-limit).min(limit));
    }
}

/// Noise, statistics, a kink, a penalty, sequences.
fn network(toy: &Toy) -> Network {
    let noise = Some(DropNoise { rate: 0.3 }.into());
    let hidden = Dense::new(5).activation(Relu {});
    let nodes = [
        NodeSpec { noise, ..NodeSpec::new("hidden", &["input"], hidden) },
        NodeSpec::new("norm", &["hidden"], BatchNorm::default()),
        NodeSpec::new("out", &["norm"], Dense::new(2)),
    ];
    toy.network(&NetworkSpec::graph(nodes).loss(Mse {}).penalty(L2 { strength: 0.01.into() }))
}

fn toys() -> [Toy; 2] {
    let vectors = Toy::new((5, 1), &[Shape::vector(3)], &[Shape::vector(2)]);
    [vectors, Toy::new((5, 3), &[Shape::sequence(3)], &[Shape::sequence(2)])]
}

fn train(toy: &Toy) -> Vec<f64> {
    let clip: Aimed<dyn Updater> = Clip { limit: 0.1 }.into();
    let mut training = TrainingSpec::new(LearningRate::constant(0.3));
    training.updaters.push(clip);
    toy.train(&network(toy), &training, 5).0.parameters
}

#[test]
fn doubling_all_weights_changes_nothing() {
    for toy in toys() {
        let weights = [1.0, 0.25, 2.0, 0.5, 1.0];
        let once = train(&toy.clone().weighted(&weights));
        same(&once, &train(&toy.clone().weighted(&weights.map(|w| 2.0 * w))));
        same(&train(&toy.clone()), &train(&toy.weighted(&[2.0; 5])));
    }
}

/// Inputs and targets that are no numbers among them; rows at the end, so that the others add up
/// in the same order.
#[test]
fn columns_of_weight_zero_count_nothing() {
    for toy in toys() {
        let weights = [1.0, 2.0, 0.5, 0.0, 0.0];
        let clean = train(&toy.clone().weighted(&weights));
        for bad in [7.0, f64::NAN, f64::INFINITY] {
            let mut spoiled = toy.clone().weighted(&weights);
            let counts = spoiled.columns.clone().unwrap();
            let spoil = |values: &mut Vec<f64>| {
                let width = values.len() / counts.len();
                for (column, _) in values.chunks_mut(width).zip(&counts).filter(|(_, w)| **w == 0.0)
                {
                    column.fill(bad);
                }
            };
            spoil(spoiled.input(0));
            spoil(spoiled.target(0));
            same(&train(&spoiled), &clean);
        }
    }
}

/// A runner that met spoiled columns predicts them as they are.
#[test]
fn prediction_hides_nothing() {
    let [toy, _] = toys();
    let mut spoiled = toy.weighted(&[1.0, 1.0, 1.0, 1.0, 0.0]);
    spoiled.input(0)[12] = f64::NAN;
    let network = network(&spoiled);
    let parameters: Vec<f64> = network.initialize(SEED);
    let mut runner = Runner::new(&network);
    let mut objective = spoiled.objective(&network, &mut runner, Clock::default());
    assert!(objective.evaluate(&parameters, Ask { penalty: true, gradient: None }).value() > 0.0);
    runner.infer(&network, &parameters, &spoiled.batch(), None);
    let y = runner.signal(&network, 2, spoiled.extent);
    assert!(y.column(3).iter().all(|y| y.is_finite()) && y.column(4).iter().all(|y| y.is_nan()));
}

#[test]
fn a_batch_that_counts_nothing_is_refused() {
    for toy in toys() {
        let toy = toy.weighted(&[0.0; 5]);
        let network = network(&toy);
        let mut runner = Runner::new(&network);
        let refused =
            BatchObjective::new(&network, &mut runner, toy.batch(), Clock::default(), SEED);
        assert!(refused.unwrap_err().to_string().contains("add up to 0"));
    }
}

/// Value and gradient, at this point and others between: always the same bits, and the gradient
/// of a sweep is that of an evaluation.
#[test]
fn an_objective_is_a_function() {
    for toy in toys() {
        let network = network(&toy);
        let mut runner = Runner::new(&network);
        let mut objective = toy.objective(&network, &mut runner, Clock::default());
        let here: Vec<f64> = network.initialize(SEED);
        let there: Vec<f64> = here.iter().map(|p| p + 0.1).collect();
        let mut ask = |at: &[f64]| {
            let mut gradient = vec![f64::NAN; at.len()];
            let ask = Ask { penalty: true, gradient: Some(&mut gradient) };
            let value = objective.evaluate(at, ask).value();
            gradient.push(value);
            let silent = objective.evaluate(at, Ask { penalty: true, gradient: None });
            same(&gradient[at.len()..], &[silent.value()]);
            gradient
        };
        let first = ask(&here);
        assert!(ask(&there) != first);
        same(&ask(&here), &first);
        let (mut parameters, mut swept) = (here.clone(), vec![f64::NAN; here.len()]);
        objective.sweep(&mut parameters, &mut swept, &mut |_| true, &mut |ready| {
            let _ = ready.whole(network.layout(), Clock::default());
        });
        same(&swept, &first[..here.len()]);
        same(&parameters, &here);
    }
}
