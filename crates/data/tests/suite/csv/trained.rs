//! How numbers are read for a model: as in training, whatever a new file alone would look like.

use super::{inputs, numbers, open, open_for, open_with, said};
use tanren_plugin::Table;

/// A model of three columns of plain numbers.
fn model() -> Table {
    open("a;b;c\n1.5;0.25;2.345\n2.5;7;1.25\n3;8.5;0.5\n")
}

fn read(content: &str, model: &Table) -> Result<Table, String> {
    open_for(content, model, |csv| csv).map_err(said)
}

/// The inputs that a file is, and what is said about it.
fn found(content: &str, model: &Table) -> (Vec<f64>, Vec<String>) {
    let table = read(content, model).unwrap();
    (inputs(&table), table.notes)
}

fn note(column: &str, like: &str) -> String {
    format!("column {column}: read as numbers written like {like}, other than in training")
}

#[test]
fn a_plain_column_stays_plain_beside_decimal_commas() {
    let model = open("price;size;lat\n1,5;2,5;2.345\n2,5;3,25;1.5\n3;4;1.25\n");
    for more in ["", "1,5;2,5;2.5\n"] {
        let (numbers, notes) = found(&format!("price;size;lat\n1,5;2,5;2.345\n{more}"), &model);
        assert_eq!((&numbers[..3], notes), (&[1.5, 2.5, 2.345][..], vec![]), "{more}");
    }
    let (numbers, notes) = found("a;b;c\n2.345;0.5;1\n", &self::model());
    assert_eq!((numbers, notes), (vec![2.345, 0.5, 1.0], vec![]));
}

#[test]
fn another_notation_is_read_and_said_where_no_cell_can_be_plain() {
    let model = model();
    let notes = ["a", "b", "c"].map(|column| note(column, "1234,5"));
    let (numbers, said) = found("a;b;c\n1,5;0,25;2,75\n", &model);
    assert_eq!((numbers, said), (vec![1.5, 0.25, 2.75], notes.to_vec()));
    let (numbers, said) = found("a;b;c\n$24.59;1.234,50 €;7\n", &model);
    let notes = vec![note("a", "$1234.5"), note("b", "1.234,5€")];
    assert_eq!((numbers, said), (vec![24.59, 1234.5, 7.0], notes));
    // All cells of the column must be so written: `2.5` cannot.
    let rows = "a;b;c\n1,5;1;1\n2.5;1;1\n3.5;1;1\n";
    let (numbers, said) = found(rows, &model);
    assert_eq!([numbers[0], numbers[3], numbers[6]], [-9.0, 2.5, 3.5]);
    let odd = "column a: 1 cell is no number and counts as missing, such as \"1,5\" in line 2";
    assert_eq!(said, [odd]);
}

#[test]
fn two_readings_are_told_apart_by_other_columns_or_refused() {
    let model = model();
    let (numbers, said) = found("a\tb\tc\n5,000\t0,25\t1\n", &model);
    assert_eq!(
        (numbers, said),
        (vec![5.0, 0.25, 1.0], ["a", "b"].map(|c| note(c, "1234,5")).into())
    );
    let (numbers, said) = found("a;b;c\n5,000;0.25;1\n", &model);
    assert_eq!((numbers, said), (vec![5000.0, 0.25, 1.0], vec![note("a", "1,234.5")]));
    for content in ["a;b;c\n5,000;1;1\n", "a\tb\tc\n5,000\t1\t1\n"] {
        assert_eq!(
            read(content, &model).unwrap_err(),
            "line 2, row 0, column a: expected a number written as in training, found \"5,000\": written \
             like 1,234.5 it is 5000, written like 1234,5 it is 5, and no other column tells which; write \
             it without a comma"
        );
    }
}

#[test]
fn words_are_missing_and_other_data_are_refused() {
    let model = model();
    for word in ["-", "ERR", "n.a.", "unknown", "sold out"] {
        let (numbers, said) = found(&format!("a;b;c\n1.5;{word};2.5\n"), &model);
        let odd = format!(
            "column b: 1 cell is no number and counts as missing, such as {word:?} in line 2"
        );
        assert_eq!((numbers, said), (vec![1.5, -9.0, 2.5], vec![odd]));
    }
    let rows = |cell: &str| format!("a;b;c\n{}", format!("1.5;{cell};2.5\n").repeat(4));
    assert_eq!(inputs(&read(&rows("-"), &model).unwrap())[1], -9.0);
    for other in ["red", "2024-12-31", "inf"] {
        let said = read(&rows(other), &model).unwrap_err();
        assert!(said.starts_with("line 2, row 0, column b: expected a"), "{said}");
        assert!(said.contains(&format!("{other:?}")), "{said}");
    }
    // Numbers with a unit are data that are not understood, even in one row.
    let kilos = open("w\tn\n5 kg\t1.5\n7 kg\t2.5\n8.5 kg\t1\n");
    assert!(read("w\tn\n500 g\t1\n", &kilos).unwrap_err().contains("\"500 g\""));
    assert_eq!(inputs(&read("w\tn\n-\t1\n", &kilos).unwrap()), [-9.0, 1.0]);
}

#[test]
fn targets_are_read_as_in_training() {
    let model = open_with("x;y\n1;0.5\n2;1.75\n3;2.25\n", |csv| csv.target("y")).unwrap();
    let table = read("x;y\n1;0,5\n2;1,75\n3;-\n", &model).unwrap();
    assert_eq!(numbers(&table.targets[0]), [0.5, 1.75]);
    assert_eq!(table.numbers, Some(vec![0, 1]));
    assert_eq!(table.notes[0], note("y", "1234,5"));
    let table = read("x;y\n1;2.345\n", &model).unwrap();
    assert_eq!(numbers(&table.targets[0]), [2.345]);
}
