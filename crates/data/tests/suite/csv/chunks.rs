//! A file for a model, read chunk by chunk.

use super::*;
use std::fmt::Write as _;
use std::ops::ControlFlow;

/// A file of so many rows, with these cells in some of them.
fn content(rows: usize, other: &[(usize, &str)]) -> String {
    let mut text = String::from("size,shape\n");
    for row in 0..rows {
        let size = other.iter().find(|(at, _)| *at == row).map(|(_, cell)| (*cell).to_owned());
        let size = size.unwrap_or_else(|| format!("{}.5", row % 977));
        writeln!(text, "{size},{}", ["round", "square"][row % 2]).unwrap();
    }
    text
}

/// The rows that chunks have and the numbers of all of them, and the notes.
fn read(csv: &Csv, model: &Table, rows: usize) -> (Vec<usize>, Vec<u64>, Vec<String>) {
    let (mut lengths, mut bits) = (Vec::new(), Vec::new());
    let mut see = |chunk: &Table| {
        chunk.check().unwrap();
        assert!(chunk.notes.is_empty());
        assert_eq!(chunk.number(0), lengths.iter().sum::<usize>());
        lengths.push(chunk.rows);
        bits.extend(numbers(&chunk.inputs[0]).iter().map(|x| x.to_bits()));
        ControlFlow::Continue(())
    };
    let notes = csv.chunks_for(&schema(model), rows, &mut see).unwrap();
    (lengths, bits, notes)
}

#[test]
fn chunks_have_the_same_rows_as_all_at_once() {
    // More rows than are looked at before.
    let file = File::new(content(20_003, &[(15_000, ""), (20_001, "none")]));
    let csv = file.csv();
    let model = csv.open().unwrap();
    let whole = csv.open_for(&schema(&model)).unwrap();
    let all: Vec<u64> = numbers(&whole.inputs[0]).iter().map(|x| x.to_bits()).collect();
    for rows in [1000, 20_003, 1_000_000] {
        let (lengths, bits, notes) = read(&csv, &model, rows);
        assert!(lengths.iter().all(|&length| length > 0 && length <= rows));
        assert_eq!(bits, all, "{rows}");
        assert_eq!(notes, whole.notes, "{rows}");
    }
    assert_eq!(read(&csv, &model, 0).1, all, "0 rows are taken for 1");
}

#[test]
fn the_first_rows_tell_whether_a_column_has_numbers() {
    let model = File::new(content(100, &[])).csv().open().unwrap();
    let words: Vec<(usize, &str)> = (0..60).map(|row| (row, "big")).collect();
    let file = File::new(content(100, &words));
    let refused = file.csv().chunks_for(&schema(&model), 10, &mut |_| panic!("no rows are shown"));
    let refused = said(refused.unwrap_err());
    assert!(refused.contains("size") && refused.contains("\"big\""), "{refused}");
}
