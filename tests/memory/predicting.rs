//! No prediction allocates, once the first has made room for as many rows.

use crate::allocator::{alone, calls, own_calls};
use std::fmt::Write as _;
use tanren::network::{Parameters, Value};
use tanren::prelude::*;

/// A network of numbers and categories, some of them missing, and 300 rows for it.
fn predictor(precision: Arithmetic) -> (Predictor, tanren::plugin::Table) {
    let mut text = String::from("age,city,price\n");
    for i in 0..300 {
        let city = ["Paris", "Oslo", ""][i % 3];
        writeln!(text, "{},{city},{}.5", 20 + i % 50, 100 + i).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prices.csv");
    std::fs::write(&path, text).unwrap();
    let data = DataSpec::new(Csv::new(path).target("price"), RandomSplit::default())
        .normalize(Impute {})
        .normalize(Standardize {})
        .normalize(OneHot {})
        .normalize_targets(Standardize {});
    let hidden = Dense::new(300).activation(Relu {});
    let network = NetworkSpec::chain([hidden.clone().into(), hidden.into(), Dense::new(1).into()]);
    let training = TrainingSpec::new(LearningRate::constant(0.1));
    let setup = Recipe::new(data, network.loss(Mse {}), training).prepare().unwrap();
    let parameters = match precision {
        Arithmetic::Single => Parameters::Single(setup.network.initialize(Seed(1))),
        Arithmetic::Double => Parameters::Double(setup.network.initialize(Seed(1))),
    };
    (Predictor::new(Model::new(setup.spec, parameters).unwrap()), setup.table)
}

#[test]
fn no_row_allocates() {
    let _alone = alone();
    for precision in [Arithmetic::Single, Arithmetic::Double] {
        let (mut predictor, table) = predictor(precision);
        let numbers = [40.0, 0.0].repeat(50); // levels are sorted: Oslo is the first
        let few: Vec<usize> = (0..50).collect();
        let mut once = || {
            let city: Value<'_> = "Oslo".into();
            let row = predictor.row(&[("city", city), ("age", "40".into())]).unwrap();
            let price = row.value();
            assert!(row.unknown_levels().count() == 0 && price.is_some());
            let row = predictor.row(&[("city", "Lima".into()), ("age", 40.into())]).unwrap();
            assert_eq!(row.unknown_levels().count(), 1);
            assert_eq!(predictor.numbers(&numbers[..2]).unwrap().value(), price);
            assert_eq!(
                predictor.rows(&numbers).unwrap().get(49).and_then(|row| row.value()),
                price
            );
            predictor.table(&table, &few).unwrap().iter().filter_map(|row| row.value()).sum::<f64>()
        };
        let first = once();
        let before = own_calls();
        for _ in 0..10 {
            assert_eq!(once(), first);
        }
        assert_eq!(own_calls() - before, 0, "{precision:?}");
    }
}

/// Many rows are shared with the threads of a pool, each of which makes room when it first gets some.
#[test]
fn no_chunk_of_a_table_allocates() {
    const ROUNDS: usize = 50;
    let _alone = alone();
    let (mut predictor, table) = predictor(Arithmetic::Single);
    let rows: Vec<usize> = (0..300).collect();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let found = pool.install(|| {
        let mut found = Vec::with_capacity(ROUNDS);
        while found.last() != Some(&0) && found.len() < ROUNDS {
            let before = calls();
            for _ in 0..10 {
                assert_eq!(predictor.table(&table, &rows).unwrap().len(), 300);
            }
            found.push(calls() - before);
        }
        found
    });
    assert_eq!(found.last(), Some(&0), "{found:?}");
}
