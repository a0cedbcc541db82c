//! Cross-validation: each split makes folds that keep apart what it keeps apart.

use crate::split_by_column::{plain, stream, table};
use std::collections::{BTreeMap, BTreeSet};
use tanren_data::{GivenSplit, GroupSplit, RandomSplit, TimeSplit};
use tanren_plugin::{Fold, Part, Split, Table};

fn rows(fold: &Fold, part: Part) -> Vec<usize> {
    (0..fold.len()).filter(|&row| fold[row] == Some(part)).collect()
}

/// Every row tests once, and folds and classes are as even as whole rows allow.
#[test]
fn random_folds_are_stratified() {
    let classes: Vec<u32> = (0..103).map(|row| u32::from(row * row % 7 < 2)).collect();
    let table = table(&[0.0; 103], classes.clone());
    let split = RandomSplit { test: 0.5, validation: 0.2 };
    for folds in [2, 5, 10] {
        let turns = split.folds(&table, folds, stream(7)).unwrap();
        let mut tested = BTreeSet::new();
        for fold in &turns {
            let test = rows(fold, Part::Test);
            assert!(test.len().abs_diff(103 / folds) <= 1, "{}", test.len());
            let rest = 103 - test.len();
            let validation = rows(fold, Part::Validation).len();
            assert_eq!(validation, (0.2 * rest as f64).round() as usize);
            for class in 0..2 {
                let share = |rows: &[usize]| rows.iter().filter(|&&r| classes[r] == class).count();
                let whole = classes.iter().filter(|&&c| c == class).count() as f64;
                assert!((share(&test) as f64 - whole / folds as f64).abs() < 2.0);
            }
            tested.extend(test);
        }
        assert_eq!(tested.len(), 103);
    }
    // One row each.
    let turns = split.folds(&table.select(&[1, 5, 9]), 3, stream(7)).unwrap();
    assert!(turns.iter().all(|fold| rows(fold, Part::Test).len() == 1));
}

#[test]
fn groups_stay_whole_and_test_once() {
    let keys: Vec<f64> = (0..200).map(|row| f64::from(row * row % 17)).collect();
    let table = plain(&keys);
    let split = GroupSplit { validation: 0.2, ..GroupSplit::new("key") };
    let turns = split.folds(&table, 4, stream(2)).unwrap();
    let mut tested: BTreeMap<u64, usize> = BTreeMap::new();
    for (k, fold) in turns.iter().enumerate() {
        let mut parts: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
        for (row, part) in fold.iter().enumerate() {
            let part = part.expect("each row takes part");
            parts.entry(keys[row].to_bits()).or_default().insert(part.to_string());
            if part == Part::Test {
                assert_eq!(*tested.entry(keys[row].to_bits()).or_insert(k), k, "in two folds");
            }
        }
        assert!(parts.values().all(|parts| parts.len() == 1), "{parts:?}");
        let (test, validation) = (rows(fold, Part::Test), rows(fold, Part::Validation));
        assert!((30..=70).contains(&test.len()), "{}", test.len());
        assert!(!validation.is_empty());
    }
    let groups: BTreeSet<u64> = keys.iter().map(|key| key.to_bits()).collect();
    assert_eq!(tested.len(), groups.len());
}

/// Whatever the order of the rows, each fold trains on what comes before it validates and tests.
#[test]
fn time_goes_on_from_fold_to_fold() {
    let times: Vec<f64> = (0..60).map(|row| f64::from(row * 7 % 60)).collect();
    let table = plain(&times);
    let split = TimeSplit { column: Some("key".into()), ..TimeSplit::default() };
    let turns = split.folds(&table, 5, stream(0)).unwrap();
    let span = |rows: &[usize]| {
        let times = || rows.iter().map(|&row| times[row]);
        (times().fold(f64::MAX, f64::min), times().fold(f64::MIN, f64::max))
    };
    let mut before = 0.0;
    for (k, fold) in turns.iter().enumerate() {
        let [train, validation, test] =
            [Part::Train, Part::Validation, Part::Test].map(|part| rows(fold, part));
        assert_eq!((test.len(), train.len() + validation.len()), (10, 10 * (k + 1)));
        assert_eq!(validation.len(), k + 1);
        assert!(span(&train).1 < span(&validation).0 && span(&validation).1 < span(&test).0);
        assert!(span(&test).0 > before, "a later part tests");
        before = span(&test).1;
    }
}

#[test]
fn what_cannot_be_folded_says_why() {
    let says = |split: &dyn Split, table: &Table, folds| {
        split.folds(table, folds, stream(0)).unwrap_err().to_string()
    };
    let few = plain(&[0.0; 4]);
    let random = RandomSplit::default();
    assert!(says(&random, &few, 5).contains("5 folds need at least 5 rows, found 4"));
    assert!(says(&random, &few, 1).contains("at least 2 folds, found 1"));
    let keys = plain(&[1.0, 1.0, 2.0, 2.0]);
    let groups = says(&GroupSplit::new("key"), &keys, 3);
    assert!(
        groups.contains("3 folds need at least 3 groups in column \"key\", found 2"),
        "{groups}"
    );
    let same = TimeSplit { column: Some("key".into()), ..TimeSplit::default() };
    let same = says(&same, &plain(&[1.0; 12]), 3);
    assert!(same.contains("4 parts of rows with different values of \"key\""), "{same}");
    let given = says(&GivenSplit::default(), &few, 3);
    assert!(given.contains("choose another split, such as random"), "{given}");
}
