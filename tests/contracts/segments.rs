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
use tanren_network::{ModelSpec, Network, NetworkSpec, Prepared};
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Batch, Batches, Clock, Event, Observer, Plugin, Reason, Search, Segment, Source as _, Wants,
};
use tanren_trainer::{DataSpec, Ending, Recipe, Session, State, TrainingSpec, fit};
use tanren_updaters::Momentum;

/// Three segments of two steps each.
struct Cut {
    parts: Vec<Toy>,
    continues: bool,
}

impl Cut {
    fn new(continues: bool) -> Self {
        let toy = toy();
        Self { parts: [0..2, 2..4, 4..6].map(|range| segment(&toy, range)).into(), continues }
    }
}

impl Batches<f64> for Cut {
    fn per_epoch(&self) -> usize {
        self.parts.len()
    }
    fn batch(&mut self, _: u64, index: usize) -> Batch<'_, f64> {
        let continues = self.continues && index > 0;
        Batch { segment: Some(Segment { continues, after: 2 }), ..self.parts[index].batch() }
    }
}

/// Ends after so many updates.
struct Until(u64);

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
fn run(recipe: &Recipe, network: &Network, batches: &mut Cut, state: &mut State<f64>, until: u64) {
    let spec = ModelSpec { network: NetworkSpec::default(), inputs: vec![], targets: vec![] };
    let mut table = Rows::default().open().unwrap();
    table.inputs.clear();
    let data = Prepared::new(&table, &[], &[]).unwrap();
    let session = Session { recipe, network, spec: &spec, data: &data, validation: &[] };
    let ending = fit(&session, batches, state, &mut Until(until), &mut |_| Ok(())).unwrap();
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
        run(&recipe, &network, &mut Cut::new(true), &mut whole, 8);

        let mut first = start();
        run(&recipe, &network, &mut Cut::new(true), &mut first, 5); // after segment 2 of epoch 2
        assert!(first.carries.incoming.iter().flatten().any(|&h| h != 0.0));
        first.save(&path, &recipe).unwrap();
        let mut second = start();
        second.restore(&path, &recipe).unwrap();
        run(&recipe, &network, &mut Cut::new(true), &mut second, 8);
        same(&second.parameters, &whole.parameters);
        assert_eq!(second.carries.incoming, whole.carries.incoming);

        // Without the carry it is another run.
        let mut forgetful = start();
        run(&recipe, &network, &mut Cut::new(false), &mut forgetful, 8);
        assert_ne!(forgetful.parameters, whole.parameters);
    }
}
