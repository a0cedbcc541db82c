//! Truncated back-propagation through time as a data supply: `Batches` that cut long sequences
//! into segments (Werbos 1990; Williams and Peng 1990).
//!
//! Proves `Segment`, and that the state carried between segments is part of a run's state: it
//! survives a checkpoint in the middle of a sequence and is left alone by the probes of a search.

use crate::armijo::Armijo;
use crate::carry::{network, segment, toy};
use crate::harness::{SEED, Toy, same};
use crate::table::Rows;
use std::ops::ControlFlow;
use tanren_data::RandomSplit;
use tanren_network::{BatchObjective, CarryBuffers, Network, NetworkSpec, Runner};
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Batch, Batches, Clock, Event, Objective as _, Observer, Plugin, Reason, Search, Segment,
    Stepper, Task, Wants, Weights,
};
use tanren_tensor::Shape;
use tanren_trainer::{
    DataSpec, Ending, Recipe, Segments, State, Supervised, TrainingSpec, Truncation, fit,
};
use tanren_updaters::Momentum;

/// Three segments of two steps each.
struct Cut {
    parts: Vec<Toy>,
    continues: bool,
    at: usize,
}

impl Cut {
    fn new(continues: bool) -> Self {
        let toy = toy();
        Self {
            parts: [0..2, 2..4, 4..6].map(|range| segment(&toy, range)).into(),
            continues,
            at: 0,
        }
    }
}

impl Batches<f64> for Cut {
    fn per_epoch(&self) -> usize {
        self.parts.len()
    }
    fn load(&mut self, _: u64, index: usize) {
        self.at = index;
    }
    fn batch(&self) -> Batch<'_, f64> {
        let first = if self.continues { 2 * self.at } else { 0 };
        Batch { segment: Some(Segment::new(first, 2)), ..self.parts[self.at].batch() }
    }
}

/// Ends after so many updates.
pub(crate) struct Until(pub(crate) u64);

impl Observer for Until {
    fn wants(&self, _: Clock) -> Wants {
        Wants::STEP
    }
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        match event {
            Event::Step { clock, .. } if clock.iteration + 1 == self.0 => {
                ControlFlow::Break(Reason("enough".into()))
            }
            _ => ControlFlow::Continue(()),
        }
    }
}

fn recipe(search: Plugin<dyn Search>) -> Recipe {
    let data = DataSpec::new(Rows::default(), RandomSplit::default());
    let training =
        TrainingSpec::new(LearningRate::constant(0.1)).updater(Momentum::default()).epochs(3);
    let training = TrainingSpec { search, ..training };
    Recipe::new(data, NetworkSpec::default(), training)
}

/// Runs `state` on until so many updates are made.
fn run(recipe: &Recipe, network: &Network, batches: Cut, state: &mut State<f64>, until: u64) {
    let mut task = Supervised::new(network, batches, recipe.seed);
    let ending =
        fit(&recipe.training, &mut task, state, &mut Until(until), &mut |_| Ok(false)).unwrap();
    assert!(matches!(ending, Ending::Interrupted(_) | Ending::Completed), "{ending:?}");
}

#[test]
fn a_run_over_segments_resumes_in_the_middle_of_a_sequence() {
    let network = network(&toy());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    for search in [LearningRate::constant(0.1).into(), Armijo::default().into()] {
        let recipe = recipe(search);
        let start = || State::<f64>::new(&network, &recipe.training, SEED);
        let mut whole = start();
        run(&recipe, &network, Cut::new(true), &mut whole, 8);

        let mut first = start();
        run(&recipe, &network, Cut::new(true), &mut first, 5); // after segment 2 of epoch 2
        assert!(first.carries.iter().flatten().any(|&h| h != 0.0));
        first.save(&path, &recipe).unwrap();
        let mut second = start();
        second.restore(&path, &recipe).unwrap();
        run(&recipe, &network, Cut::new(true), &mut second, 8);
        same(&second.parameters, &whole.parameters);
        assert_eq!(second.carries, whole.carries);

        // Without the carry it is another run.
        let mut forgetful = start();
        run(&recipe, &network, Cut::new(false), &mut forgetful, 8);
        assert_ne!(forgetful.parameters, whole.parameters);
    }
}

/// Two updates on every segment, each after a search: both start from the state the segment before has
/// left, and a sample is counted once. Against the same steps made by hand.
#[test]
fn repeated_updates_start_where_the_segment_starts() {
    let network = network(&toy());
    let recipe = recipe(Armijo::default().into());
    let training = TrainingSpec { iterations: 2, epochs: 1, ..recipe.training.clone() };
    let mut looped = State::<f64>::new(&network, &training, SEED);
    let mut task = Supervised::new(&network, Cut::new(true), SEED);
    fit(&training, &mut task, &mut looped, &mut (), &mut |_| Ok(false)).unwrap();
    assert_eq!((looped.clock.iteration, looped.clock.samples), (6, 3));

    let motion = training.motion(network.layout());
    let mut by_hand = State::<f64>::new(&network, &training, SEED);
    let (mut runner, mut stepper) = (Runner::new(&network), Stepper::new(network.layout()));
    let (mut carries, mut cut) = (CarryBuffers::new(&network, 3), Cut::new(true));
    for part in 0..3 {
        cut.load(0, part);
        for _ in 0..2 {
            let clock = by_hand.clock;
            let objective = BatchObjective::new(&network, &mut runner, cut.batch(), clock, SEED);
            let mut objective = objective.unwrap().segment(&mut carries, 2);
            let at = stepper.evaluate(&mut objective, &motion, &by_hand.moving(), false);
            objective.keep();
            stepper.advance(&mut objective, at, &motion, by_hand.moving());
            by_hand.clock.iteration += 1;
        }
        carries.incoming.clone_from(&carries.kept);
    }
    same(&looped.parameters, &by_hand.parameters);
    assert_eq!(looped.carries, carries.incoming);
}

/// The whole batch, as a supply that can be cut.
struct Whole(Toy);

impl Batches<f64> for Whole {
    fn per_epoch(&self) -> usize {
        1
    }
    fn load(&mut self, _: u64, _: usize) {}
    fn batch(&self) -> Batch<'_, f64> {
        self.0.batch()
    }
}

/// The product's segments are those made by hand; segments beyond the end make no update, and one in
/// which nothing counts only carries its state on.
#[test]
fn segments_of_the_product() {
    let network = network(&toy());
    let training = TrainingSpec { epochs: 2, ..recipe(Armijo::default().into()).training };
    let train = |batches: &mut dyn FnMut(&mut State<f64>)| {
        let mut state = State::<f64>::new(&network, &training, SEED);
        batches(&mut state);
        state
    };
    let fit_with = |state: &mut State<f64>, task: &mut dyn Task<f64>| {
        fit(&training, task, state, &mut (), &mut |_| Ok(false)).unwrap();
    };
    let by_hand = train(&mut |state| {
        fit_with(state, &mut Supervised::new(&network, Cut::new(true), SEED));
    });
    // Two more segments than these sequences fill: those beyond are empty.
    for longest in [6, 10] {
        let cut = train(&mut |state| {
            let batches = Segments::new(Whole(toy()), longest, Truncation::new(2));
            fit_with(state, &mut Supervised::new(&network, batches, SEED));
        });
        same(&cut.parameters, &by_hand.parameters);
        assert_eq!((cut.clock, cut.carries), (by_hand.clock, by_hand.carries.clone()));
    }

    // Without weights in its middle segment a sequence still carries its state through it.
    let mut silent = toy();
    silent.columns.as_mut().unwrap()[6..12].fill(0.0);
    let state = train(&mut |state| {
        let batches = Segments::new(Unmasked(silent.clone()), 6, Truncation::new(2));
        fit_with(state, &mut Supervised::new(&network, batches, SEED));
    });
    assert_eq!((state.clock.iteration, state.clock.samples), (2 * 2, 2 * 3));
    assert!(state.carries.iter().flatten().any(|&h| h != 0.0));
}

/// Weights that keep columns out of the loss, without an end of the sequences.
struct Unmasked(Toy);

impl Batches<f64> for Unmasked {
    fn per_epoch(&self) -> usize {
        1
    }
    fn load(&mut self, _: u64, _: usize) {}
    fn batch(&self) -> Batch<'_, f64> {
        let batch = self.0.batch();
        Batch { weights: Weights { mask: None, ..batch.weights }, ..batch }
    }
}

/// Behind the end of a short batch there are empty segments, which only pass.
#[test]
fn a_batch_of_one_step_has_empty_segments() {
    struct One(Toy);
    impl Batches<f64> for One {
        fn per_epoch(&self) -> usize {
            1
        }
        fn load(&mut self, _: u64, _: usize) {}
        fn batch(&self) -> Batch<'_, f64> {
            self.0.batch()
        }
    }
    let toy = Toy::new((2, 1), &[Shape::sequence(3)], &[Shape::sequence(2)]).weighted(&[1.0, 0.0]);
    let mut segments = Segments::new(One(toy), 3, Truncation::new(1));
    for part in 0..3 {
        segments.load(0, part);
        let batch = segments.batch();
        let columns = if part == 0 { 2 } else { 0 };
        assert_eq!(batch.inputs[0].dense().columns(), columns);
        assert_eq!(batch.weights.columns.unwrap().len(), columns);
    }
}
