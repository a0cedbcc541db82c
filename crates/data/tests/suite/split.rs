//! Splits are partitions of exact size, by class to within one row, and keyed by the seed.

use proptest::prelude::*;
use std::collections::BTreeMap;
use tanren_data::{GivenSplit, RandomSplit, Strata, counts, embedded};
use tanren_plugin::{Checked as _, Field, FieldSpec, Part, Plugin, Seed, Split, Table, Values};
use tanren_tensor::{Shape, Stream};

fn stream(seed: u64) -> Stream {
    Seed(seed).stream("split")
}

fn classes(classes: Vec<u32>) -> Table {
    let rows = classes.len();
    let levels = 1 + classes.iter().copied().max().unwrap_or(0) as usize;
    let spec = FieldSpec::new("class", Shape::index(levels));
    table(rows, Field::new(spec, Values::Indices(classes)))
}

fn numbers(rows: usize) -> Table {
    let values = Values::Double(vec![1.5; rows]);
    table(rows, Field::new(FieldSpec::new("price", Shape::vector(1)), values))
}

fn table(rows: usize, target: Field) -> Table {
    Table { name: "rows".into(), rows, targets: vec![target], ..Table::default() }
}

fn count(parts: &[Part], part: Part) -> usize {
    parts.iter().filter(|&&p| p == part).count()
}

/// Rows of `part` in each class.
fn by_class(parts: &[Part], part: Part, table: &Table) -> BTreeMap<u32, usize> {
    let Values::Indices(classes) = &table.targets[0].values else { panic!("no classes") };
    let mut counts = BTreeMap::new();
    for (&class, &p) in classes.iter().zip(parts) {
        *counts.entry(class).or_default() += usize::from(p == part);
    }
    counts
}

proptest! {
    #[test]
    fn counts_are_exact_and_near_their_shares(sizes in prop::collection::vec(0..500usize, 0..20), share in 0.0..1.0f64) {
        let sum: usize = sizes.iter().sum();
        let total = (share * sum as f64) as usize;
        let counts = counts(total, &sizes);
        prop_assert_eq!(counts.iter().sum::<usize>(), total);
        for (&count, &size) in counts.iter().zip(&sizes) {
            let share = if sum == 0 { 0.0 } else { total as f64 * size as f64 / sum as f64 };
            prop_assert!((count as f64 - share).abs() < 1.0 && count <= size);
        }
    }

    #[test]
    fn a_random_split_has_exact_sizes(c in prop::collection::vec(0..6u32, 1..300), test in 0.0..0.95f64, validation in 0.0..0.95f64, seed: u64) {
        let split = RandomSplit { test, validation };
        let n = c.len();
        let tests = (test * n as f64).round() as usize;
        let validations = (validation * (n - tests) as f64).round() as usize;
        for table in [classes(c.clone()), numbers(n)] {
            let result = split.split(&table, stream(seed));
            if tests + validations == n {
                prop_assert!(result.unwrap_err().message.contains("leaves no rows for training"));
                continue;
            }
            let parts = result.unwrap();
            prop_assert_eq!(parts.len(), n);
            prop_assert_eq!(count(&parts, Part::Test), tests);
            prop_assert_eq!(count(&parts, Part::Validation), validations);
            prop_assert_eq!(split.split(&table, stream(seed)).unwrap(), parts);
        }
    }

    #[test]
    fn classes_keep_their_shares(c in prop::collection::vec(0..6u32, 20..300), test in 0.0..0.6f64, validation in 0.0..0.6f64, seed: u64) {
        let table = classes(c);
        let n = table.rows as f64;
        let parts = RandomSplit { test, validation }.split(&table, stream(seed)).unwrap();
        let all = by_class(&vec![Part::Test; table.rows], Part::Test, &table);
        let tests = by_class(&parts, Part::Test, &table);
        let validations = by_class(&parts, Part::Validation, &table);
        let (t, v) = (count(&parts, Part::Test) as f64, count(&parts, Part::Validation) as f64);
        for (class, &size) in &all {
            let rest = size - tests[class];
            prop_assert!((tests[class] as f64 - t * size as f64 / n).abs() < 1.0);
            prop_assert!((validations[class] as f64 - v * rest as f64 / (n - t)).abs() < 1.0);
        }
    }

    #[test]
    fn the_test_part_does_not_depend_on_validation(c in prop::collection::vec(0..4u32, 10..200), a in 0.0..0.5f64, b in 0.0..0.5f64) {
        let table = classes(c);
        let tests = |validation| {
            let parts = RandomSplit { test: 0.3, validation }.split(&table, stream(1)).unwrap();
            parts.iter().map(|&p| p == Part::Test).collect::<Vec<_>>()
        };
        prop_assert_eq!(tests(a), tests(b));
    }

    #[test]
    fn a_given_split_only_takes_training_rows(c in prop::collection::vec((0..4u32, any::<bool>()), 10..200), seed: u64) {
        let (class, test): (Vec<u32>, Vec<bool>) = c.into_iter().unzip();
        let given: Vec<Part> = test.iter().map(|&t| if t { Part::Test } else { Part::Train }).collect();
        let table = Table { parts: Some(given.clone()), ..classes(class) };
        let train = count(&given, Part::Train);
        prop_assume!(train > 1);
        let parts = GivenSplit { validation: 0.25 }.split(&table, stream(seed)).unwrap();
        prop_assert_eq!(count(&parts, Part::Validation), (0.25 * train as f64).round() as usize);
        for (given, part) in given.iter().zip(&parts) {
            prop_assert_eq!(*given == Part::Test, *part == Part::Test);
        }
    }
}

#[test]
fn the_default_split_of_digits() {
    let table = embedded("digits").unwrap().open().unwrap();
    let parts = RandomSplit::default().split(&table, stream(42)).unwrap();
    assert_eq!(count(&parts, Part::Test), 359); // of 1797
    assert_eq!(count(&parts, Part::Validation), 144); // of 1438
    let tests: Vec<usize> = by_class(&parts, Part::Test, &table).into_values().collect();
    // 359 · 178 / 1797 = 35.56 and so on: classes 9, 7, 8, 3 and 0 have the largest fractions.
    assert_eq!(tests, [36, 36, 35, 37, 36, 36, 36, 36, 35, 36]);
    let other = RandomSplit::default().split(&table, stream(43)).unwrap();
    assert_ne!(parts, other);
}

/// Pins the split: a change of these rows would change every seeded run.
#[test]
fn rows_are_fixed_for_ever() {
    let table = embedded("iris").unwrap().open().unwrap();
    let parts = RandomSplit::default().split(&table, stream(42)).unwrap();
    let tests: Vec<usize> = (0..50).filter(|&row| parts[row] == Part::Test).collect();
    assert_eq!(tests, PINNED);
}
const PINNED: [usize; 10] = [11, 13, 15, 17, 19, 24, 28, 36, 37, 46];

#[test]
fn ties_go_to_the_first_class() {
    assert_eq!(counts(1, &[5, 5, 5]), [1, 0, 0]);
    assert_eq!(counts(5, &[1, 1, 1]), [1, 1, 1]);
    assert_eq!(counts(3, &[0, 0]), [0, 0]);
}

#[test]
fn strata_give_each_row_once() {
    let table = classes((0..100).map(|i| i % 3).collect());
    let mut strata = Strata::new(&table, 0..100, stream(1)).unwrap();
    let mut rows = strata.take(10);
    assert_eq!((rows.len(), strata.len()), (10, 90));
    rows.extend(strata.take(1000));
    assert!(strata.is_empty());
    rows.sort_unstable();
    assert_eq!(rows, (0..100).collect::<Vec<_>>());
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let table = classes((0..100).map(|i| i % 3).collect());
    let forward = Strata::new(&table, 0..100, stream(1)).unwrap();
    assert_eq!(forward, Strata::new(&table, (0..100).rev(), stream(1)).unwrap());
}

#[test]
fn impossible_splits_are_refused() {
    let split = RandomSplit { test: 0.9, validation: 0.0 };
    let error = split.split(&numbers(5), stream(1)).unwrap_err();
    assert!(error.message.contains("the split leaves no rows for training, of 5 rows"));
    // What `check` refuses leaves nothing to train on here, and never panics.
    for test in [1.0, 1e300, f64::INFINITY] {
        let split = RandomSplit { test, validation: f64::NAN };
        split.check().unwrap_err();
        split.split(&numbers(5), stream(1)).unwrap_err();
    }
    let error = RandomSplit::default().split(&numbers(0), stream(1)).unwrap_err();
    assert!(error.message.contains("leaves no rows for training, of 0 rows"), "{error}");
    let short = Table { rows: 9, ..classes(vec![0, 1]) };
    let error = RandomSplit::default().split(&short, stream(1)).unwrap_err();
    assert_eq!((error.row, error.column.as_deref()), (Some(2), Some("class")));
}

#[test]
fn given_parts_are_kept() {
    let given = vec![Part::Train, Part::Validation, Part::Test, Part::Train];
    let mut table = numbers(4);
    let error = GivenSplit::default().split(&table, stream(1)).unwrap_err();
    assert!(error.message.contains("each of 4 rows, found 0 parts"), "{error}");
    table.parts = Some(given.clone());
    let split = GivenSplit { validation: 0.5 };
    assert_eq!(split.split(&table, stream(1)).unwrap(), given);
    table.parts = Some(vec![Part::Test; 4]);
    assert!(split.split(&table, stream(1)).is_err());
    table.parts = Some(vec![Part::Train; 3]);
    assert!(split.split(&table, stream(1)).is_err());
}

#[test]
fn specs_are_read_and_written() {
    for (text, expected) in [
        ("split = 'random'", r#"{"type":"random","test":0.2,"validation":0.1}"#),
        ("split = 'given'", r#"{"type":"given","validation":0.1}"#),
        (
            "split = { type = 'random', test = 0.25 }",
            r#"{"type":"random","test":0.25,"validation":0.1}"#,
        ),
        ("split = { type = 'given', validation = 0 }", r#"{"type":"given","validation":0.0}"#),
        ("split = 'time'", r#"{"type":"time","test":0.2,"validation":0.1}"#),
        (
            "split = { type = 'time', column = 3 }",
            r#"{"type":"time","test":0.2,"validation":0.1,"column":"3"}"#,
        ),
        (
            "split = { type = 'group', column = 'patient', validation = 0 }",
            r#"{"type":"group","column":"patient","test":0.2,"validation":0.0}"#,
        ),
    ] {
        let mut recipe: BTreeMap<String, Plugin<dyn Split>> = toml::from_str(text).unwrap();
        let again = toml::to_string(&recipe).unwrap();
        recipe.extend(toml::from_str::<BTreeMap<_, _>>(&again).unwrap());
        let written = serde_json::to_string(&recipe["split"]).unwrap();
        assert_eq!(written, expected);
        let read: Plugin<dyn Split> = serde_json::from_str(&written).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), expected);
    }
    let error = serde_json::from_str::<Plugin<dyn Split>>(r#"{"type":"group"}"#).unwrap_err();
    assert!(error.to_string().contains("missing field `column`"), "{error}");
    let group = r#"group","column":"a"#;
    for start in ["random", "given", "time", group] {
        let text = format!(r#"{{"type":"{start}","fraction":0.5}}"#);
        let error = serde_json::from_str::<Plugin<dyn Split>>(&text).unwrap_err();
        assert!(error.to_string().contains("unknown field `fraction`"), "{error}");
    }
}

#[test]
fn every_row_is_as_likely_to_be_tested() {
    let table = numbers(50);
    let mut tested = [0.0; 50];
    let seeds = 2000;
    for seed in 0..seeds {
        let parts = RandomSplit::default().split(&table, stream(seed)).unwrap();
        (0..50).filter(|&row| parts[row] == Part::Test).for_each(|row| tested[row] += 1.0);
    }
    // A count is binomial with mean 400 and standard deviation 17.9: five of them are 90.
    assert!(tested.iter().all(|&count: &f64| (count - 400.0).abs() < 90.0), "{tested:?}");
}
