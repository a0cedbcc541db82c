//! Targets: a column or another file, classes or measurements.

use super::{array, table};
use crate::files::{Folder, features, numbers, schema};
use tanren_data::{Npy, NpyArray, Task};
use tanren_plugin::{Source, Values};
use tanren_tensor::Shape;

#[test]
fn a_column_is_the_target() {
    let folder = Folder::new();
    let source = table(&folder, 3, &[1.0, 2.5, -1.0, 3.0, 4.5, 10.0, 5.0, 6.5, -1.0]);
    let opened = source.clone().target(-1).open().unwrap();
    opened.check().unwrap();
    assert_eq!(features(&opened.inputs[0]), ["0", "1"]);
    assert_eq!(numbers(&opened.inputs[0]), [1.0, 2.5, 3.0, 4.5, 5.0, 6.5]);
    assert_eq!(opened.targets[0].spec.name, "2");
    assert_eq!(opened.targets[0].spec.levels, ["-1", "10"]);
    assert_eq!(opened.targets[0].values, Values::Indices(vec![0, 1, 0]));
    let first = source.clone().target(0).open().unwrap();
    assert_eq!(features(&first.inputs[0]), ["1", "2"]);
    let middle = source.clone().target("1").open().unwrap();
    assert_eq!(middle.targets[0].spec.shape, Shape::vector(1)); // 2.5 is no name of a class
    assert_eq!(numbers(&middle.targets[0]), [2.5, 4.5, 6.5]);
    let mut named = source.clone().target(1);
    named.task = Some(Task::Classification);
    assert_eq!(named.open().unwrap().targets[0].spec.levels, ["2.5", "4.5", "6.5"]);
    let mut measured = source.clone().target(2);
    measured.task = Some(Task::Regression);
    assert_eq!(numbers(&measured.open().unwrap().targets[0]), [-1.0, 10.0, -1.0]);

    let says = |source: Npy| folder.error(source.open());
    assert_eq!(
        says(source.clone().target(3)),
        "x.npy: expected a target column from -3 to 2, found 3"
    );
    assert_eq!(
        says(source.clone().target(-4)),
        "x.npy: expected a target column from -3 to 2, found -4"
    );
    let one = table(&folder, 2, &[1.0, 2.0]);
    assert_eq!(
        says(one.target(0)),
        "x.npy: expected at least one column besides the target, found none"
    );
    let column = folder.write("c", array("|u1", "3,", &[1, 2, 3]));
    assert_eq!(
        says(Npy::new(column).target(0)),
        "c: expected rows × columns for a target column, found a shape of 3"
    );
}

#[test]
fn few_whole_numbers_are_classes_and_more_are_not() {
    let folder = Folder::new();
    let rows = |kinds: usize| (0..1000).flat_map(|i| [0.0, (i % kinds) as f64]).collect::<Vec<_>>();
    let target = |kinds| {
        table(&folder, 1000, &rows(kinds)).target(1).open().map(|t| t.targets[0].spec.shape)
    };
    assert_eq!(target(20), Ok(Shape::index(20)));
    assert_eq!(target(21), Ok(Shape::vector(1)));
    assert_eq!(
        folder.error(target(1)),
        "x.npy, column 1: expected at least two classes, found only 0"
    );
    let many: Vec<f64> = (0..10_001).flat_map(|i| [0.0, f64::from(i) / 2.0]).collect();
    let mut source = table(&folder, 10_001, &many).target(1);
    source.task = Some(Task::Classification);
    assert_eq!(
        folder.error(source.open()),
        "x.npy, row 10000, column 1: expected at most 10000 classes, found more; set `task = \"regression\"` if they are numbers to predict"
    );
    let zeros = table(&folder, 3, &[0.0, 0.0, 0.0, -0.0, 0.0, 1.0]).target(1).open().unwrap();
    assert_eq!(zeros.targets[0].spec.levels, ["0", "1"]);
}

#[test]
fn rows_without_a_target_are_left_out() {
    let folder = Folder::new();
    let nan = f64::NAN;
    let source = table(&folder, 4, &[1.0, nan, 2.0, 7.0, nan, nan, 4.0, 8.0]).target(1);
    let opened = source.open().unwrap();
    opened.check().unwrap();
    assert_eq!((opened.rows, opened.numbers), (2, Some(vec![1, 3])));
    assert_eq!(opened.notes, ["2 rows without a target left out"]);
    assert_eq!(numbers(&opened.inputs[0]), [2.0, 4.0]);
    let all = table(&folder, 2, &[1.0, nan, 2.0, nan]).target(1);
    assert_eq!(
        folder.error(all.open()),
        "x.npy, column 1: expected a target in at least one row, found none"
    );
    let infinite = table(&folder, 2, &[1.0, nan, 2.0, f64::INFINITY]).target(1);
    assert_eq!(
        folder.error(infinite.open()),
        "x.npy, row 1, column 1: expected a finite number, found inf"
    );
    let input = table(&folder, 2, &[1.0, 0.0, f64::INFINITY, 1.0]).target(1);
    assert_eq!(
        folder.error(input.open()),
        "x.npy, row 1, column 0: expected a finite number, found inf"
    );
}

#[test]
fn another_file_is_the_target() {
    let folder = Folder::new();
    let source = table(&folder, 2, &[1.0, 2.0, 3.0, 4.0]);
    let labels = folder.write(
        "y.npy",
        array("<i8", "2,", &[[1, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]].concat()),
    );
    let opened = source.clone().target(labels.display()).open().unwrap();
    assert_eq!(opened.targets[0].spec.name, "target");
    assert_eq!(opened.targets[0].spec.levels, ["1", "3"]);
    assert_eq!(features(&opened.inputs[0]), ["0", "1"]);
    let column = folder.write("y.npy", array("|u1", "2, 1", &[1, 3]));
    assert_eq!(source.clone().target(column.display()).open().unwrap().targets, opened.targets);
    folder.write("y.npy", array("|u1", "3,", &[1, 3, 1]));
    assert_eq!(
        folder.error(source.clone().target(labels.display()).open()),
        "y.npy: expected 2 targets, one for each row of x.npy, found a shape of 3"
    );
    // What is wrong with a target is wrong in its file.
    let values = Values::Double(vec![1.0, f64::INFINITY]);
    NpyArray { shape: vec![2], values }.write(&labels).unwrap();
    assert_eq!(
        folder.error(source.clone().target(labels.display()).open()),
        "y.npy, row 1, column target: expected a finite number, found inf"
    );
    folder.write("y.npy", array("|u1", "2,", &[3, 7]));
    assert_eq!(
        folder.error(source.clone().target(labels.display()).open_for(&schema(&opened, true))),
        "y.npy, row 1, column target: unknown label 7; the labels of the model are 1, 3"
    );
    let none = source.target(folder.path("no").display());
    assert_eq!(folder.error(none.open()), "no: no such file");
    // Without a target wanted, its file is not looked for.
    assert_eq!(none.open_for(&schema(&opened, false)).unwrap().inputs, opened.inputs);
}

/// Other libraries want classes as rows with a single 1.
#[test]
fn one_hot_rows_are_classes() {
    let folder = Folder::new();
    let source = table(&folder, 30, &(0..60).map(f64::from).collect::<Vec<_>>());
    let one_hot: Vec<u8> =
        (0..30).flat_map(|row| (0..30).map(move |at| u8::from(at == 29 - row))).collect();
    let targets = folder.write("y.npy", array("|u1", "30, 30", &one_hot));
    let opened = source.clone().target(targets.display()).open().unwrap();
    assert_eq!(opened.targets[0].spec.shape, Shape::index(30));
    assert_eq!(opened.targets[0].values, Values::Indices((0..30).rev().collect()));
    let [one_hot_rows, rare] = &opened.notes[..] else { panic!("{:?}", opened.notes) };
    assert_eq!(
        one_hot_rows,
        "the targets are one-hot rows: classes are the positions of their ones"
    );
    assert!(rare.starts_with("target target: 30 classes have a single row"), "{rare}");
    let mut both = one_hot;
    both[0] = 1;
    folder.write("y.npy", array("|u1", "30, 30", &both));
    assert_eq!(
        folder.error(source.target(targets.display()).open()),
        "y.npy: expected 30 targets, one for each row of x.npy, or one-hot rows of 0 and 1, found a shape of 30 × 30"
    );
}
