//! What is suspicious in arrays and sparse rows is said, and nothing is left out.

use crate::files::Folder;
use tanren_data::{Npy, NpyArray, SvmLight};
use tanren_plugin::{Source, Table, Values};

const ROWS: usize = 40;

/// A number of the row, a constant, a measurement, the same again, a copy of the target; the target.
fn row(n: usize) -> [f64; 6] {
    let (x, y) = ((n * 17 % 40) as f64 + 0.25, (n * 11 % 40) as f64 + 0.5);
    [n as f64, 7.0, x, x, y, y]
}

/// What is said beside the missing values.
fn said(table: &Table, names: [&str; 5]) {
    let [number, constant, one, other, copy] = names;
    let expected = [
        format!("column {constant} has the same value in every row: nothing can be learnt from it"),
        format!("column {number} numbers the rows, which says nothing about other rows"),
        format!("column {copy} is a copy of the target, which other rows will not have"),
        format!("columns {one} and {other} are equal in every row"),
    ];
    assert_eq!(table.notes, expected);
    assert_eq!(table.inputs[0].width(), 5);
}

#[test]
fn arrays_are_looked_at_and_stay_whole() {
    let folder = Folder::new();
    let names = ["0", "1", "2", "3", "4"];
    let numbers = || (0..ROWS).flat_map(row);
    let kinds = [
        Values::Double(numbers().collect()),
        Values::Single(numbers().map(|x| x as f32).collect()),
    ];
    for values in kinds {
        let array = NpyArray { shape: vec![ROWS, 6], values };
        array.write(folder.path("x.npy")).unwrap();
        let source = Npy::new(folder.path("x.npy")).target(-1);
        said(&source.open().unwrap(), names);
    }
}

#[test]
fn sparse_rows_are_looked_at_and_stay_whole() {
    let folder = Folder::new();
    let line = |n: usize| {
        let [a, b, c, d, e, y] = row(n);
        format!("{y} 1:{a} 2:{b} 3:{c} 4:{d} 5:{e}\n")
    };
    let path = folder.write("x.svm", (0..ROWS).map(line).collect::<String>());
    said(&SvmLight::new(path).open().unwrap(), ["1", "2", "3", "4", "5"]);
}

#[test]
fn few_rows_prove_nothing() {
    let folder = Folder::new();
    let path = folder.write("x.svm", "1.5 1:1 2:3\n2.5 1:1 2:4\n3.5 1:1 2:5\n");
    assert!(SvmLight::new(path).open().unwrap().notes.is_empty());
}
