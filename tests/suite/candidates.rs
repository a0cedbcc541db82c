//! Sweeps: a candidate is trained as if it were alone, the worse ones are cut, the best one is found.

use crate::robust::Losses;
use std::ops::ControlFlow;
use std::sync::Mutex;
use tanren::data::{Iris, RandomSplit, Standardize};
use tanren::layers::Relu;
use tanren::losses::CrossEntropy;
use tanren::plugin::{Reason, Watched};
use tanren::prelude::*;
use tanren::trainer::{
    Candidate, Fate, Setup, Sweep, SweepEvent, SweepOutcome, SweepSettings, TrainError,
};

fn recipe(rate: f64) -> Recipe {
    let data = DataSpec::new(Iris {}, RandomSplit { test: 0.2, validation: 0.3 });
    let layers = [Dense::new(8).activation(Relu {}).into(), Dense::new(3).into()];
    let network = NetworkSpec::chain(layers).loss(CrossEntropy::default());
    let training = TrainingSpec::new(LearningRate::constant(rate)).updater(Adam::default());
    Recipe::new(data.normalize(Standardize {}), network, training.batch(10).epochs(40)).seed(5)
}

fn candidate(rate: f64) -> Candidate {
    Candidate { label: rate.to_string(), recipe: recipe(rate) }
}

const RATES: [f64; 6] = [1e-6, 1e-4, 1e-3, 1e-2, 1e-1, 3.0];

fn go_on(_: &SweepEvent<'_>) -> ControlFlow<Reason> {
    ControlFlow::Continue(())
}

fn settings(threads: usize) -> SweepSettings {
    SweepSettings { updates: Some(90), smallest: 5, threads, ..SweepSettings::default() }
}

fn swept(setup: &Setup, rates: &[f64], settings: SweepSettings) -> SweepOutcome {
    let mut sweep = Sweep::new(setup, settings).unwrap();
    sweep.round(rates.iter().copied().map(candidate).collect(), &go_on).unwrap();
    sweep.outcome()
}

/// The bits of a curve.
fn bits(curve: &[f64]) -> Vec<u64> {
    curve.iter().map(|loss| loss.to_bits()).collect()
}

#[test]
fn a_curve_is_that_of_the_candidate_alone() {
    let setup = recipe(0.01).prepare().unwrap();
    let outcome = swept(&setup, &RATES, settings(2));
    assert_eq!(outcome.rungs, [10, 30, 90]);
    assert_eq!((outcome.score.0.as_str(), outcome.rows), ("loss", Watched::Validation));
    for (tried, rate) in outcome.tried.iter().zip(RATES) {
        let mut alone = Losses(Vec::new());
        let options = Options { threads: 1, ..Options::default() };
        recipe(rate).prepare().unwrap().train(&mut alone, &options).unwrap();
        let updates = tried.curve.len();
        assert_eq!(bits(&tried.curve), bits(&alone.0[..updates]), "{rate}");
        let expected = match tried.fate {
            Fate::Cut { rung } => outcome.rungs[rung],
            _ => 90,
        };
        assert_eq!((updates as u64, tried.updates), (expected, expected), "{rate}");
    }
    let finished = outcome.tried.iter().filter(|tried| tried.fate == Fate::Finished).count();
    assert_eq!(finished, 2);
    assert_eq!(outcome.updates, 6 * 10 + 2 * 80);
}

#[test]
fn threads_and_order_change_nothing() {
    let setup = recipe(0.01).prepare().unwrap();
    let one = swept(&setup, &RATES, settings(1));
    let mut turned = RATES;
    turned.reverse();
    let other = swept(&setup, &turned, settings(5));
    for (a, b) in one.tried.iter().zip(other.tried.iter().rev()) {
        assert_eq!((&a.label, bits(&a.curve), &a.fate), (&b.label, bits(&b.curve), &b.fate));
        assert_eq!(a.score.to_bits(), b.score.to_bits());
    }
    let winner = |outcome: &SweepOutcome| outcome.tried[outcome.winner.unwrap()].label.clone();
    assert_eq!(winner(&one), winner(&other));
}

/// A candidate is not cut for its place among equals, and none of equals wins.
#[test]
fn equals_are_not_cut() {
    let setup = recipe(0.01).prepare().unwrap();
    let outcome = swept(&setup, &[1e-6, 0.1, 0.1, 0.1, 0.1, 0.1], settings(2));
    let finished = outcome.tried.iter().filter(|tried| tried.fate == Fate::Finished).count();
    assert_eq!(finished, 5);
    assert_eq!(outcome.tried[0].fate, Fate::Cut { rung: 0 });
    assert!(outcome.tried[0].behind.is_some_and(|k| k > 0));
    assert_eq!((outcome.winner, outcome.tied.len()), (None, 5));
    assert!(outcome.comparisons.is_empty() && outcome.trivial > 0.0, "{}", outcome.trivial);
}

/// The winner is the one whose validation loss is lowest when all are trained as long, and a second
/// round goes on from there.
#[test]
fn the_best_rate_wins() {
    let setup = recipe(0.01).prepare().unwrap();
    let mut sweep = Sweep::new(&setup, settings(2)).unwrap();
    sweep.round([1e-1, 1e-3, 1e-6].map(candidate).into(), &go_on).unwrap();
    let first = sweep.outcome();
    assert_eq!(first.tried[first.winner.unwrap()].label, "0.1");
    let better = tanren::trainer::between(&[1e-1, 1e-3, 1e-6], 1e-1);
    sweep.round(better.iter().copied().map(candidate).collect(), &go_on).unwrap();
    let second = sweep.outcome();
    let best = &second.tried[second.winner.unwrap()];
    assert!(best.score <= first.tried[first.winner.unwrap()].score);
    // The winner of the first round was not trained again.
    assert_eq!(second.tried[0].updates, 90);
    assert_eq!(bits(&second.tried[0].curve), bits(&first.tried[0].curve));
    for comparison in &second.comparisons {
        let other = &second.tried[comparison.other];
        assert_eq!(other.fate, Fate::Finished);
        assert!(
            comparison.margin > 0.0
                && (comparison.difference - (other.score - best.score)).abs() < 0.1
        );
    }
}

#[test]
fn one_that_diverges_is_out_at_once() {
    let diverging = |rate: f64| {
        let mut recipe = recipe(rate);
        recipe.training.updaters.clear();
        Candidate { label: rate.to_string(), recipe }
    };
    let setup = recipe(0.01).prepare().unwrap();
    let mut sweep = Sweep::new(&setup, settings(2)).unwrap();
    let told = Mutex::new(Vec::new());
    let watch = |event: &SweepEvent<'_>| {
        if let SweepEvent::Out { label, fate: Fate::Diverged(_) } = event {
            told.lock().unwrap().push((*label).to_owned());
        }
        ControlFlow::Continue(())
    };
    sweep.round([0.1, 1e9, 1e30].map(diverging).into(), &watch).unwrap();
    let outcome = sweep.outcome();
    assert_eq!(outcome.winner, Some(0));
    for tried in &outcome.tried[1..] {
        let Fate::Diverged(diverged) = tried.fate else { panic!("{:?}", tried.fate) };
        assert!(tried.updates < 10 && diverged.update <= tried.updates, "{diverged:?}");
    }
    let mut told = told.into_inner().unwrap();
    told.sort();
    let mut labels: Vec<_> = outcome.tried[1..].iter().map(|tried| tried.label.clone()).collect();
    labels.sort();
    assert_eq!(told, labels);
    // Where all diverge, nobody wins.
    let mut sweep = Sweep::new(&setup, settings(1)).unwrap();
    sweep.round([1e9, 1e30].map(diverging).into(), &go_on).unwrap();
    assert_eq!(sweep.outcome().winner, None);
}

/// A step that ends in no numbers is seen even if it is the last one before candidates are compared.
#[test]
fn the_last_step_is_looked_at() {
    let mut wild = recipe(1e38);
    wild.training.updaters.clear();
    let setup = recipe(0.01).prepare().unwrap();
    let one = SweepSettings { updates: Some(1), ..settings(1) };
    let mut sweep = Sweep::new(&setup, one).unwrap();
    let wild = Candidate { label: "wild".into(), recipe: wild };
    sweep.round(vec![wild, candidate(1e-3)], &go_on).unwrap();
    let outcome = sweep.outcome();
    assert!(matches!(outcome.tried[0].fate, Fate::Diverged(_)), "{:?}", outcome.tried[0]);
    assert_eq!((outcome.winner, outcome.tried[0].updates), (Some(1), 1));
}

/// Of several seeds the mean counts; all of them are trained on the same rows.
#[test]
fn seeds_are_averaged() {
    let setup = recipe(0.01).prepare().unwrap();
    let several = SweepSettings { seeds: 3, ..settings(2) };
    let outcome = swept(&setup, &[0.01, 0.1], several);
    let single = |seed: u64| {
        let mut other = recipe(0.01);
        other.seed = tanren::plugin::Seed(seed);
        let mut losses = Losses(Vec::new());
        let mut here = setup.clone();
        here.recipe = other;
        here.train(&mut losses, &Options::default()).unwrap();
        losses.0
    };
    let alone = [single(5), single(6), single(7)];
    let mean = |i: usize| alone.iter().map(|curve| curve[i]).sum::<f64>() / 3.0;
    let expected: Vec<f64> = (0..90).map(mean).collect();
    assert_eq!(bits(&outcome.tried[0].curve), bits(&expected));
    assert_eq!(outcome.tried[0].updates, 270);
}

/// Candidates may differ in the network and in the preparation of the data; a recipe that does not fit is
/// refused.
#[test]
fn candidates_may_differ_in_more_than_training() {
    let setup = recipe(0.01).prepare().unwrap();
    let mut wide = recipe(0.05);
    wide.network.layers[0] = Dense::new(20).activation(Relu {}).into();
    let mut plain = recipe(0.05);
    plain.data.inputs.clear();
    plain.precision = tanren::trainer::Arithmetic::Double;
    let named =
        |label: &str, recipe: &Recipe| Candidate { label: label.into(), recipe: recipe.clone() };
    let all = vec![named("wide", &wide), named("plain", &plain)];
    let mut sweep = Sweep::new(&setup, settings(2)).unwrap();
    sweep.round(all, &go_on).unwrap();
    let outcome = sweep.outcome();
    assert!(outcome.tried.iter().all(|tried| tried.score < 1.0), "{outcome:?}");
    plain.training.nodes = vec!["nobody".into()];
    let wrong = sweep.round(vec![named("wrong", &plain)], &go_on).unwrap_err();
    assert!(
        matches!(wrong, TrainError::Setting { ref field, .. } if field == "training.nodes"),
        "{wrong}"
    );
}

/// What is known when somebody ends a sweep is kept.
#[test]
fn a_sweep_that_is_ended_tells_what_it_knows() {
    let setup = recipe(0.01).prepare().unwrap();
    let mut sweep = Sweep::new(&setup, settings(1)).unwrap();
    let rungs = Mutex::new(0);
    let watch = |event: &SweepEvent<'_>| {
        if let SweepEvent::Rung { .. } = event {
            *rungs.lock().unwrap() += 1;
        }
        match *rungs.lock().unwrap() {
            0 | 1 => ControlFlow::Continue(()),
            _ => ControlFlow::Break(Reason("enough".into())),
        }
    };
    sweep.round(RATES.map(candidate).into(), &watch).unwrap();
    let outcome = sweep.outcome();
    assert_eq!(outcome.interrupted, Some(Reason("enough".into())));
    assert!(outcome.winner.is_some());
    assert_eq!(outcome.updates, 60);
    assert!(outcome.tried.iter().any(|tried| tried.fate == Fate::Interrupted));
}

/// A recipe that is over before the budget competes with what it has.
#[test]
fn a_recipe_that_ends_early_stays_in_the_race() {
    let mut short = recipe(0.05);
    short.training.epochs = 4;
    let setup = recipe(0.01).prepare().unwrap();
    let mut sweep = Sweep::new(&setup, settings(1)).unwrap();
    let short = Candidate { label: "short".into(), recipe: short };
    sweep.round(vec![short, candidate(1e-6), candidate(1e-5)], &go_on).unwrap();
    let outcome = sweep.outcome();
    assert_eq!(outcome.winner, Some(0));
    assert!(outcome.tried[0].ended.is_some() && outcome.tried[0].updates < 90);
}
