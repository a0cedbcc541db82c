//! The column that says what rows count: read as numbers from 0 on, and no input.

use super::{File, error_with, names, open_with, schema};
use tanren_data::{Csv, TrainTest};
use tanren_plugin::Source;

const ROWS: &str = "x,w,y\n1,2,a\n2,0,b\n3,0.5,\n4,1.5,a\n";

fn settings(csv: Csv) -> Csv {
    csv.target("y").weights("w")
}

#[test]
fn weights_are_no_input_and_go_with_their_rows() {
    let table = open_with(ROWS, settings).unwrap();
    assert_eq!(names(&table), ["x"]);
    assert_eq!(table.weights, Some(vec![2.0, 0.0, 1.5])); // a row without a target is left out
    let table = open_with("x;w;y\n1;2,5;a\n2;0;b\n", settings).unwrap();
    assert_eq!(table.weights, Some(vec![2.5, 0.0]));
}

#[test]
fn a_model_weighs_rows_that_have_targets() {
    let file = File::new(ROWS);
    let table = settings(file.csv()).open().unwrap();
    let again = settings(file.csv()).open_for(&schema(&table)).unwrap();
    assert_eq!(again.weights, table.weights);
    let predict = settings(file.csv()).open_for(&schema(&table).without_targets()).unwrap();
    assert_eq!(predict.weights, None);
    let lacks = File::new("y,x\na,1\nb,2\n");
    let other = settings(lacks.csv()).open_for(&schema(&table)).unwrap();
    assert_eq!(other.weights, None);
    assert_eq!(other.notes, ["no column of weights \"w\": each row counts 1"]);
    let both = TrainTest::new(settings(file.csv()), settings(lacks.csv())).open().unwrap();
    assert_eq!(both.weights, Some(vec![2.0, 0.0, 1.5, 1.0, 1.0]));
}

#[test]
fn what_is_no_weight_is_refused() {
    let weight = |cell: &str| error_with(format!("x,w,y\n1,2,a\n2,{cell},b\n3,1,a\n"), settings);
    let expected = "line 3, row 1, column w: expected a weight, a number from 0 on, found ";
    assert_eq!(weight("-1"), format!("{expected}\"-1\""));
    assert_eq!(weight(""), format!("{expected}a missing value"));
    assert!(weight("inf").contains("column w: expected a finite number, found \"inf\""));
    assert!(weight("much").contains("column w: expected a number, found \"much\""));
    let unknown = error_with(ROWS, |csv| csv.target("y").weights("v"));
    assert!(unknown.starts_with("`weights`: no column \"v\""), "{unknown}");
    let target = error_with(ROWS, |csv| csv.target("y").weights("y"));
    assert!(target.contains("both `target` and `weights` name this column"), "{target}");
}
