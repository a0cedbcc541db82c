//! `acme/enough`, `acme/worst`, `acme/elastic`: a stopping rule, a metric, a penalty.
//!
//! Stop at a training loss; the largest error of all; λ (ρ Σ|θ| + ½ (1 − ρ) Σ θ²). Source of the
//! last: Zou, Hastie (2005), *Regularization and variable selection via the elastic net*. Proves
//! the small families in one run, watched by an observer that wants everything.

use crate::armijo::{Armijo, Uphill};
use crate::harness::{Toy, same};
use crate::table::{Rows, parameters, recipe, train};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use tanren_layers::Dense;
use tanren_losses::Mse;
use tanren_network::NetworkSpec;
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Better, Block, Checked, Clock, Comparison, Event, History, Metric, Observer, Penalty,
    PenaltyKernel, PenaltyKernels, Plugin, Reason, Stopping, Wants,
};
use tanren_tensor::{Real, Shape, dot, sum_abs};
use tanren_testkit as testkit;
use tanren_trainer::{Ending, Options, TrainingSpec};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Enough {
    loss: f64,
}

impl Checked for Enough {}

#[typetag::serde(name = "acme/enough")]
impl Stopping for Enough {
    fn verdict(&self, history: History<'_>) -> Option<Reason> {
        let loss = history.epochs.last()?.loss?.0;
        (loss <= self.loss).then(|| Reason(format!("a loss of {loss} is enough")))
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Worst {}

impl Checked for Worst {}

#[typetag::serde(name = "acme/worst")]
impl Metric for Worst {
    fn name(&self) -> Cow<'_, str> {
        "worst".into()
    }
    fn better(&self) -> Better {
        Better::Lower
    }
    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        let Some(columns) = comparison.numbers() else { return f64::NAN };
        let errors = columns.flat_map(|(target, prediction, _)| target.iter().zip(prediction));
        errors.map(|(t, p)| (t - p).abs()).fold(0.0, f64::max)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Elastic {
    strength: f64,
    ratio: f64,
}

impl Default for Elastic {
    fn default() -> Self {
        Self { strength: 0.01, ratio: 0.5 }
    }
}

impl Checked for Elastic {}

#[typetag::serde(name = "acme/elastic")]
impl Penalty for Elastic {
    fn smooth(&self) -> bool {
        self.ratio == 0.0
    }
    fn kernels(&self) -> PenaltyKernels<'_> {
        PenaltyKernels::of(self)
    }
}

impl<T: Real> PenaltyKernel<T> for Elastic {
    fn value(&self, _: Clock, _: &Block, parameters: &[T]) -> f64 {
        let squares = 0.5 * (1.0 - self.ratio) * dot(parameters, parameters);
        self.strength * (self.ratio * sum_abs(parameters) + squares)
    }
    fn add_gradient(&self, _: Clock, _: &Block, parameters: &[T], gradient: &mut [T]) {
        for (g, &p) in gradient.iter_mut().zip(parameters) {
            let sign = if p == T::ZERO { T::ZERO } else { p.signum() };
            *g += T::of(self.strength) * (T::of(self.ratio) * sign + T::of(1.0 - self.ratio) * p);
        }
    }
}

/// Counts what it sees, and looks whether it fits together.
#[derive(Default)]
struct Everything {
    seen: BTreeMap<&'static str, usize>,
    fallbacks: usize,
    iterations: Vec<u64>,
    before: Vec<f64>,
    update: Vec<f64>,
}

impl Observer for Everything {
    fn wants(&self, _: Clock) -> Wants {
        Wants::EVERYTHING
    }
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        let name = match event {
            Event::Step { clock, loss, penalty, outcome, load } => {
                assert!(
                    loss.is_some() && penalty.is_some() && (load.samples, load.weight) == (8, 8.0)
                );
                self.iterations.push(clock.iteration);
                self.fallbacks += usize::from(outcome.fallback.is_some());
                "step"
            }
            Event::Parameters { layout, values } => {
                let after: Vec<f64> = values.iter().collect();
                assert_eq!(after.len(), layout.len());
                for ((b, u), a) in self.before.iter().zip(&self.update).zip(&after) {
                    assert!((b + u - a).abs() < 1e-12);
                }
                self.before = after;
                "parameters"
            }
            Event::Search { points } => {
                assert!(!points.is_empty());
                "search"
            }
            Event::Gradient { .. } => "gradient",
            Event::Update { values, .. } => {
                self.update = values.iter().collect();
                "update"
            }
            Event::Activation { shape, values, .. } => {
                assert_eq!(values.len(), 8 * shape.features);
                "activation"
            }
            Event::Epoch(record) => {
                assert!(record.validation["worst"].0 > 0.0);
                assert_eq!(record.fallbacks, 4);
                "epoch"
            }
            Event::Start { .. } => "start",
            Event::Phase { .. } => "phase",
            Event::Validation { .. } => "validation",
            Event::End(Ending::Completed) => "end",
            other => panic!("{other:?}"),
        };
        *self.seen.entry(name).or_default() += 1;
        ControlFlow::Continue(())
    }
}

#[test]
fn conforms() {
    testkit::stopping(&Enough { loss: 0.1 });
    testkit::metric(&Worst {}, &[Shape::vector(1), Shape::vector(3)]);
    testkit::penalty(&Elastic::default());
    testkit::penalty(&Elastic { ratio: 0.0, ..Elastic::default() });
    testkit::round_trip(&Plugin::<dyn Stopping>::from(Enough::default()));
    testkit::round_trip(&Plugin::<dyn Metric>::from(Worst {}));
    testkit::round_trip(&Plugin::<dyn Penalty>::from(Elastic::default()));
}

#[test]
fn value_and_gradient_of_penalties_agree() {
    let toy = Toy::new((4, 1), &[Shape::vector(3)], &[Shape::vector(2)]);
    for ratio in [0.0, 0.5] {
        let penalty = Elastic { strength: 0.3, ratio };
        let spec = NetworkSpec::chain([Dense::new(2).into()]).loss(Mse {}).penalty(penalty);
        toy.check_gradient(&toy.network(&spec));
    }
}

#[test]
fn a_run_ends_when_it_is_enough() {
    let mut training = TrainingSpec::new(LearningRate::constant(0.1));
    training.stopping.push(Enough { loss: 0.7 }.into());
    let mut recipe = recipe(Rows::default(), training);
    recipe.training.epochs = 500;
    let trained = train(&recipe);
    assert!(matches!(&trained.ending, Ending::Stopped(Reason(why)) if why.contains("enough")));
    assert!(trained.history.len() > 1 && trained.history.len() < 500);
}

/// Four batches of eight rows, five epochs: the clock ticks once per update, however often a
/// search looks, and who watches changes nothing.
#[test]
fn whoever_watches_changes_nothing() {
    let mut training = TrainingSpec::new(Armijo::default()).updater(Uphill {});
    training.metrics.push(Worst {}.into());
    let mut recipe = recipe(Rows::default(), training);
    recipe.network.penalties.push(Elastic::default().into());
    let mut everything = Everything::default();
    let options = Options { threads: 1, ..Options::default() };
    let trained = recipe.prepare().unwrap().train(&mut everything, &options).unwrap();
    same(&parameters(&trained), &parameters(&train(&recipe)));
    let Everything { seen, fallbacks, iterations, .. } = everything;
    let counts = [("activation", 40), ("epoch", 5), ("gradient", 20), ("parameters", 20)];
    let steps = [("search", 20), ("step", 20), ("update", 20), ("validation", 5)];
    let run = [("start", 1), ("phase", 1), ("end", 1)];
    assert_eq!(seen, counts.into_iter().chain(steps).chain(run).collect());
    assert_eq!(fallbacks, 20);
    assert_eq!(iterations, (0..20).collect::<Vec<_>>());
}
