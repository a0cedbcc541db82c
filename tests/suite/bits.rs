//! What never changes a bit: threads, a second run, an observer. What must: the seed.

use crate::harness::iris;
use std::ops::ControlFlow;
use tanren::network::Parameters;
use tanren::plugin::{Clock, Event, Observer, Reason, Wants};
use tanren::prelude::*;
use tanren_cli::{Hidden, Updates, Workload};

fn run(recipe: &Recipe, threads: usize, observer: &mut (impl Observer + Send)) -> Parameters {
    let options = Options { threads, ..Options::default() };
    let trained = recipe.prepare().unwrap().train(observer, &options).unwrap();
    trained.model.parameters().clone()
}

/// Digits through layers wide enough for the products to be cut.
fn digits() -> Recipe {
    let data = DataSpec::new(Digits {}, RandomSplit::default()).normalize(MinMax::default());
    let layer = |units| Dense::new(units).activation(Relu {}).init(HeNormal {}).into();
    let network = NetworkSpec::chain([layer(200), layer(100), Dense::new(10).into()]);
    let mut training =
        TrainingSpec::new(LearningRate::constant(1e-3)).updater(Adam::default()).epochs(2);
    training.batch = 128;
    Recipe::new(data, network.loss(CrossEntropy::default()), training)
}

#[test]
fn threads_change_nothing() {
    for recipe in [digits(), iris(vec![Nesterov::default().into()], 5)] {
        let one = run(&recipe, 1, &mut ());
        assert_eq!(one, run(&recipe, 1, &mut ()), "a second run");
        for threads in [2, 3, 8] {
            assert_eq!(one, run(&recipe, threads, &mut ()), "{threads} threads");
        }
    }
}

/// A few steps of networks large enough for every way to share work: weights of which each thread keeps
/// a half, loops and batches cut in two, gradients that ask for what comes next, cells of a step.
fn large() -> impl Iterator<Item = Recipe> {
    let dense = |sizes| Workload::dense("large", sizes, 128, 300);
    let recurrent = |hidden| Workload::recurrent("large", hidden, &[64, 128, 64], 60);
    let all = [
        dense(&[784, 500, 250, 10]),
        Workload { updates: Updates::Adam, ..dense(&[1024, 1100, 10]) },
        recurrent(Hidden::Lstm),
        recurrent(Hidden::Gru),
        recurrent(Hidden::Bidirectional),
    ];
    all.into_iter().flat_map(|workload| {
        [Arithmetic::Single, Arithmetic::Double].map(|precision| {
            let mut recipe = Recipe { precision, ..workload.recipe() };
            recipe.training.epochs = 1;
            recipe
        })
    })
}

#[test]
fn sharing_work_changes_nothing() {
    for recipe in large() {
        let one = run(&recipe, 1, &mut ());
        for threads in [2, 3, 8] {
            assert_eq!(one, run(&recipe, threads, &mut ()), "{threads} threads");
        }
        assert_eq!(one, run(&recipe, 2, &mut Everything::default()), "watched");
    }
}

#[test]
fn the_seed_changes_everything() {
    let recipe = iris(vec![Adam::default().into()], 3);
    let mut other = recipe.clone();
    other.seed = Seed(43);
    assert_ne!(run(&recipe, 1, &mut ()), run(&other, 1, &mut ()));
}

/// Wants everything, and counts what it gets.
#[derive(Default)]
struct Everything {
    steps: u64,
    gradients: u64,
    updates: u64,
    parameters: u64,
    activations: u64,
    epochs: u64,
}

impl Observer for Everything {
    fn wants(&self, _: Clock) -> Wants {
        Wants::EVERYTHING
    }
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        let (count, finite) = match event {
            Event::Step { loss, penalty, .. } => {
                (&mut self.steps, loss.is_some() && penalty.is_some())
            }
            Event::Gradient { layout, values } => {
                assert_eq!(values.len(), layout.trainable());
                (&mut self.gradients, values.iter().all(f64::is_finite))
            }
            Event::Update { values, .. } => (&mut self.updates, values.iter().all(f64::is_finite)),
            Event::Parameters { layout, values } => {
                assert_eq!(values.len(), layout.len());
                (&mut self.parameters, values.iter().all(f64::is_finite))
            }
            Event::Activation { values, .. } => {
                (&mut self.activations, values.iter().all(f64::is_finite))
            }
            Event::Epoch(_) => (&mut self.epochs, true),
            _ => return ControlFlow::Continue(()),
        };
        *count += 1;
        assert!(finite, "{event:?}");
        ControlFlow::Continue(())
    }
}

#[test]
fn watching_changes_nothing() {
    let recipe = iris(vec![Adam::default().into()], 4);
    let unwatched = run(&recipe, 2, &mut ());
    let mut all = (Everything::default(), ());
    assert_eq!(unwatched, run(&recipe, 2, &mut all));
    let Everything { steps, gradients, updates, parameters, activations, epochs } = all.0;
    assert_eq!(steps, 4 * 7); // 108 training rows in batches of 16
    assert_eq!((gradients, updates, parameters), (steps, steps, steps));
    assert_eq!((activations, epochs), (3 * steps, 4));
}

/// Both precisions start from the same weights, rounded.
#[test]
fn precisions_start_alike() {
    let network = iris(Vec::new(), 1).prepare().unwrap().network;
    let (single, double): (Vec<f32>, Vec<f64>) =
        (network.initialize(Seed(5)), network.initialize(Seed(5)));
    assert!(single.iter().zip(&double).all(|(&s, &d)| s == d as f32));
}
