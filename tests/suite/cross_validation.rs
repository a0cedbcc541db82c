//! Cross-validation: each fold is the run that its rows alone would give.

use tanren::data::{Iris, RandomSplit, Standardize, TimeSplit};
use tanren::layers::Relu;
use tanren::losses::CrossEntropy;
use tanren::plugin::{Part, Seed, Split, Table};
use tanren::prelude::*;
use tanren::trainer::{CrossValidation, Setup};

fn recipe(split: impl Into<tanren::plugin::Plugin<dyn Split>>) -> Recipe {
    let data = DataSpec::new(Iris {}, split).normalize(Standardize {});
    let layers = [Dense::new(8).activation(Relu {}).into(), Dense::new(3).into()];
    let network = NetworkSpec::chain(layers).loss(CrossEntropy::default());
    let training = TrainingSpec::new(LearningRate::constant(0.02)).updater(Adam::default());
    Recipe::new(data, network, training.epochs(6)).seed(11)
}

fn options(threads: usize) -> Options {
    Options { threads, ..Options::default() }
}

fn parameters(setup: &Setup, folds: usize, threads: usize) -> Vec<tanren::network::Parameters> {
    let all = setup.cross_validate(folds, &options(threads)).unwrap();
    all.folds.iter().map(|fold| fold.model.parameters().clone()).collect()
}

/// With the parts of the fold given by the data, the ordinary run has the same bits.
#[test]
fn a_fold_is_the_run_of_its_rows() {
    let random = RandomSplit { test: 0.0, validation: 0.25 };
    let setup = recipe(random.clone()).prepare().unwrap();
    let found = parameters(&setup, 3, 2);
    let turns = random.folds(&setup.table, 3, Seed(11).stream("folds")).unwrap();
    for (turn, found) in turns.iter().zip(&found) {
        let parts = turn.iter().map(|part| part.unwrap()).collect();
        let table = Table { parts: Some(parts), ..setup.table.clone() };
        let given = recipe(tanren::data::GivenSplit::default()).prepare_table(table).unwrap();
        let trained = given.train(&mut (), &options(1)).unwrap();
        assert_eq!(trained.model.parameters(), found);
    }
}

/// In the order of time, a fold knows nothing of the rows after it.
#[test]
fn later_rows_leave_no_trace() {
    let split = TimeSplit { validation: 0.2, ..TimeSplit::default() };
    let setup = recipe(split).prepare().unwrap();
    let mut spoilt = setup.table.clone();
    let turns = setup.recipe.data.split.folds(&spoilt, 4, Seed(11).stream("folds")).unwrap();
    let late: Vec<usize> = (0..150).filter(|&row| turns[1][row].is_none()).collect();
    assert!(late.len() > 20 && turns[1].contains(&Some(Part::Validation)));
    let input = &mut spoilt.inputs[0];
    let mut values = Vec::new();
    input.values.read(0..600, &mut values);
    late.iter().for_each(|&row| values[4 * row..4 * row + 4].fill(1e6));
    input.values = tanren::plugin::Values::Double(values);
    let spoilt = setup.recipe.prepare_table(spoilt).unwrap();
    let (clean, spoilt) = (parameters(&setup, 4, 1), parameters(&spoilt, 4, 3));
    assert_eq!(clean[..3], spoilt[..3]);
    assert_ne!(clean[3], spoilt[3]);
}

#[test]
fn spreads_are_over_the_folds() {
    let setup = recipe(RandomSplit::default()).prepare().unwrap();
    let all: CrossValidation = setup.cross_validate(5, &options(2)).unwrap();
    let spreads = all.spreads();
    let names: Vec<&str> = spreads.iter().map(|spread| spread.name.as_str()).collect();
    assert_eq!(names, ["loss", "accuracy", "f1_macro"]);
    for spread in &spreads {
        let mean = spread.scores.iter().sum::<f64>() / 5.0;
        let squares: f64 = spread.scores.iter().map(|score| (score - mean).powi(2)).sum();
        assert!((spread.mean - mean).abs() < 1e-12);
        assert!((spread.deviation - (squares / 4.0).sqrt()).abs() < 1e-12);
        for (fold, score) in all.folds.iter().zip(&spread.scores) {
            assert_eq!(fold.test.as_ref().unwrap().get(&spread.name), Some(*score));
        }
    }
    let mut best: Vec<u64> = all.folds.iter().map(|fold| fold.best_epoch).collect();
    best.sort_unstable();
    assert_eq!(all.epochs(), best[2]);
}
