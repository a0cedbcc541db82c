//! Splits in the order of time and by groups: partitions that keep order and groups, near their shares.

use proptest::prelude::*;
use std::collections::BTreeMap;
use tanren_data::{GroupSplit, TimeSplit};
use tanren_plugin::{Feature, Field, Part, Seed, Split, Table};
use tanren_tensor::Stream;

pub(crate) fn stream(seed: u64) -> Stream {
    Seed(seed).stream("split")
}

/// A table with the input columns `x`, all 0, and `key`, and a target of two classes.
pub(crate) fn table(keys: &[f64], classes: Vec<u32>) -> Table {
    let values = keys.iter().flat_map(|&key| [0.0, key]).collect();
    let input = Field::numbers("inputs", ["x", "key"].map(Feature::number).to_vec(), values);
    let target = Field::classes("y", ["a", "b"].map(String::from).to_vec(), classes);
    let (inputs, targets) = (vec![input], vec![target]);
    Table { name: "rows".into(), rows: keys.len(), inputs, targets, ..Table::default() }
}

pub(crate) fn plain(keys: &[f64]) -> Table {
    table(keys, vec![0; keys.len()])
}

fn rows(parts: &[Part], part: Part) -> Vec<usize> {
    (0..parts.len()).filter(|&row| parts[row] == part).collect()
}

fn time(test: f64, validation: f64, column: Option<&str>) -> TimeSplit {
    TimeSplit { test, validation, column: column.map(String::from), gap: 0 }
}

/// How many rows each value has.
fn sizes(keys: &[f64]) -> BTreeMap<u64, usize> {
    let mut sizes = BTreeMap::new();
    keys.iter().for_each(|key| *sizes.entry(key.to_bits()).or_default() += 1);
    sizes
}

fn keys(different: u32, rows: std::ops::Range<usize>) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec((0..different).prop_map(f64::from), rows)
}

proptest! {
    #[test]
    fn the_last_rows_are_for_testing(n in 2_usize..200, test in 0.0..0.6f64, validation in 0.0..0.6f64) {
        let tests = (test * n as f64).round() as usize;
        let validations = (validation * (n - tests) as f64).round() as usize;
        prop_assume!(tests + validations < n);
        let parts = time(test, validation, None).split(&plain(&vec![7.0; n]), stream(1)).unwrap();
        let train = n - tests - validations;
        prop_assert_eq!(rows(&parts, Part::Train), (0..train).collect::<Vec<_>>());
        prop_assert_eq!(rows(&parts, Part::Validation), (train..n - tests).collect::<Vec<_>>());
        prop_assert_eq!(rows(&parts, Part::Test), (n - tests..n).collect::<Vec<_>>());
    }

    #[test]
    fn times_are_kept_in_order_and_whole(k in keys(12, 20..200), test in 0.0..0.5f64, validation in 0.0..0.5f64) {
        let largest = sizes(&k).into_values().max().unwrap();
        prop_assume!(4 * largest < k.len());
        let parts = time(test, validation, Some("key")).split(&plain(&k), stream(1)).unwrap();
        let range = |part| {
            let times: Vec<f64> = rows(&parts, part).into_iter().map(|row| k[row]).collect();
            let all = |f: fn(f64, f64) -> f64, start| times.iter().copied().fold(start, f);
            (all(f64::min, f64::INFINITY), all(f64::max, f64::NEG_INFINITY))
        };
        // Every time of a part is later than every time of the one before it.
        let [train, validated, tested] = [Part::Train, Part::Validation, Part::Test].map(range);
        prop_assert!(train.1 < validated.0.min(tested.0));
        prop_assert!(train.1.max(validated.1) < tested.0);
        let wanted = (test * k.len() as f64).round() as usize;
        prop_assert!(rows(&parts, Part::Test).len().abs_diff(wanted) <= largest);
        let rest = k.len() - rows(&parts, Part::Test).len();
        let wanted = (validation * rest as f64).round() as usize;
        prop_assert!(rows(&parts, Part::Validation).len().abs_diff(wanted) <= largest);
    }

    #[test]
    fn groups_are_whole_and_shares_are_near(k in keys(25, 40..300), test in 0.0..0.5f64, validation in 0.0..0.5f64, seed: u64) {
        let largest = sizes(&k).into_values().max().unwrap();
        prop_assume!(8 * largest < k.len());
        let split = GroupSplit { test, validation, ..GroupSplit::new("key") };
        let parts = split.split(&plain(&k), stream(seed)).unwrap();
        prop_assert_eq!(&parts, &split.split(&plain(&k), stream(seed)).unwrap());
        let mut part_of = BTreeMap::new();
        for (key, part) in k.iter().zip(&parts) {
            prop_assert_eq!(part_of.entry(key.to_bits()).or_insert(*part), part);
        }
        let tests = rows(&parts, Part::Test).len();
        let wanted = (test * k.len() as f64).round() as usize;
        prop_assert!(tests.abs_diff(wanted) <= largest);
        let wanted = (validation * (k.len() - tests) as f64).round() as usize;
        prop_assert!(rows(&parts, Part::Validation).len().abs_diff(wanted) <= largest);
        prop_assert!(parts.contains(&Part::Train));
        // The groups for testing do not depend on the share for validation.
        let other = GroupSplit { validation: 0.2, ..split.clone() };
        if (validation * (k.len() - tests) as f64).round() > 0.0 {
            prop_assert_eq!(rows(&other.split(&plain(&k), stream(seed)).unwrap(), Part::Test), rows(&parts, Part::Test));
        }
    }
}

#[test]
fn groups_of_one_row_give_exact_shares() {
    let keys: Vec<f64> = (0..100).map(f64::from).collect();
    let parts = GroupSplit::new("key").split(&plain(&keys), stream(3)).unwrap();
    let count = |part| rows(&parts, part).len();
    assert_eq!((count(Part::Test), count(Part::Validation), count(Part::Train)), (20, 8, 72));
    assert_ne!(GroupSplit::new("key").split(&plain(&keys), stream(4)).unwrap(), parts);
}

/// Of 40 groups of 5 rows, 8 have the rare class alone: a fifth of those is 8 rows, not 0 or 40.
#[test]
fn groups_keep_the_shares_of_classes() {
    let keys: Vec<f64> = (0..200).map(|row| f64::from(row / 5)).collect();
    let classes: Vec<u32> = keys.iter().map(|key| u32::from(key % 5.0 == 0.0)).collect();
    let table = table(&keys, classes.clone());
    for seed in 0..20 {
        let parts = GroupSplit::new("key").split(&table, stream(seed)).unwrap();
        let tested = rows(&parts, Part::Test);
        let rare = tested.iter().filter(|&&row| classes[row] == 1).count();
        assert_eq!(tested.len(), 40, "{seed}");
        assert!((5..=10).contains(&rare), "{seed}: {rare} of 40"); // 8, in groups of 5
    }
}

#[test]
fn every_group_is_as_likely_to_be_tested() {
    let keys: Vec<f64> = (0..60).map(|row| f64::from(row / 3)).collect();
    let mut tested = [0; 20];
    for seed in 0..500 {
        let parts = GroupSplit::new("key").split(&plain(&keys), stream(seed)).unwrap();
        (0..20).filter(|group| parts[3 * group] == Part::Test).for_each(|group| tested[group] += 1);
    }
    // A count is binomial with mean 100 and standard deviation 8.9: five of them are 45.
    assert!(tested.iter().all(|count: &i32| (count - 100).abs() < 45), "{tested:?}");
}

/// A table of an input of these texts, one a row.
fn texts(cells: &[&str]) -> Table {
    let mut levels: Vec<String> = cells.iter().map(ToString::to_string).collect();
    levels.sort();
    levels.dedup();
    let place = |cell: &&str| levels.iter().position(|level| level == cell).unwrap() as f64;
    let values = cells.iter().map(place).collect();
    let input = Field::numbers("inputs", vec![Feature::category("when", levels.clone())], values);
    Table { name: "t".into(), rows: cells.len(), inputs: vec![input], ..Table::default() }
}

#[test]
fn texts_are_in_order_only_if_they_are_times_or_numbers() {
    let split = |cells: &[&str]| time(0.25, 0.25, Some("when")).split(&texts(cells), stream(1));
    // By their names, each of these would be in another order.
    for cells in [
        ["10", "9", "8", "1e2"],
        ["20.1.2024", "10.1.2023", "9.1.2023", "1.2.2024"],
        ["10 Jan 2024", "5 May 2023", "9 April 2023", "1 Feb 2024"],
        ["2024-W05", "2024-W02", "2023-W50", "2025-W01"],
    ] {
        let parts = split(&cells).unwrap();
        assert_eq!(parts, [Part::Validation, Part::Train, Part::Train, Part::Test], "{cells:?}");
    }
    let says = |cells: &[&str]| split(cells).unwrap_err().to_string();
    let said = says(&["spring", "summer", "autumn", "winter"]);
    assert_eq!(
        said,
        "t, row 2, column when: expected a time or a number in every row, by which the split puts rows in \
         order, found \"autumn\"; times are written like 2024-12-31, 31.12.2024, 12/31/2024, 2024-12, \
         2024-W05 or 23:59, one way in the whole column"
    );
    let said = says(&["13/02/2024", "14/02/2024", "02/13/2024", "15/02/2024"]);
    assert!(
        said.contains("found \"02/13/2024\", where others are written like 31.12.2024"),
        "{said}"
    );
    let said = says(&["01/02/2024", "02/01/2024", "03/01/2024", "04/05/2024"]);
    assert!(
        said.contains(
            "found \"01/02/2024\", which may be written like 12/31/2024 or like 31.12.2024"
        ),
        "{said}"
    );
}

#[test]
fn categories_of_dates_are_in_the_order_of_time() {
    let levels = ["2024-01", "2024-02", "2024-03", "2024-04"].map(String::from).to_vec();
    let values = vec![3.0, 0.0, 2.0, 1.0, 0.0, 1.0, 2.0, 3.0];
    let input = Field::numbers("inputs", vec![Feature::category("month", levels)], values);
    let table = Table { name: "t".into(), rows: 8, inputs: vec![input], ..Table::default() };
    let parts = time(0.25, 0.25, Some("month")).split(&table, stream(1)).unwrap();
    assert_eq!(rows(&parts, Part::Test), [0, 7]);
    assert_eq!(rows(&parts, Part::Validation), [2, 6]);
    let halves = GroupSplit { test: 0.5, validation: 0.0, ..GroupSplit::new("month") };
    let parts = halves.split(&table, stream(1)).unwrap();
    assert_eq!(rows(&parts, Part::Test).len(), 4);
}

#[test]
fn what_cannot_be_split_is_told() {
    let says = |split: &dyn Split, keys: &[f64]| {
        split.check().unwrap();
        split.split(&plain(keys), stream(1)).unwrap_err().to_string()
    };
    let four = [1.0, 2.0, f64::NAN, 4.0];
    assert_eq!(
        says(&time(0.2, 0.1, Some("kay")), &four),
        "rows: the split needs the column \"kay\", which is no input (did you mean \"key\"?); the inputs are x, key; \
         name a column of a CSV file in `beside` to have it read without being an input"
    );
    assert!(says(&GroupSplit::new("group"), &four).contains("\"group\", which is no input; the"));
    assert_eq!(
        says(&time(0.2, 0.1, Some("key")), &four),
        "rows, row 2, column key: expected a time, by which the split puts rows in order, found a missing value"
    );
    assert_eq!(
        says(&time(0.2, 0.1, Some("x")), &[1.0; 10]),
        "rows: the split by time cannot divide 10 rows that all have the same value of \"x\""
    );
    assert_eq!(
        says(&GroupSplit::new("key"), &[[1.0; 10], [2.0; 10]].concat()),
        "rows: the split needs a group for each of 3 parts, found 2 in column \"key\""
    );
    assert!(says(&time(0.2, 0.1, None), &[]).contains("no rows for training, of 0 rows"));
    // Rows without a group are one.
    let nan = f64::NAN;
    let halves = GroupSplit { test: 0.5, validation: 0.0, ..GroupSplit::new("key") };
    let parts = halves.split(&plain(&[nan, 1.0, -nan, 1.0]), stream(1)).unwrap();
    assert!(parts[0] == parts[2] && parts[1] == parts[3] && parts[0] != parts[1]);
}
