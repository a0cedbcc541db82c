//! `predict` reads and writes chunk by chunk.

use crate::harness::{Place, text};
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

/// More rows than a chunk has, and than are looked at first.
const ROWS: usize = 30_000;

/// A model of `y` by `x`, and a file with many more rows, to which some text is appended.
pub(crate) fn place(end: &str) -> Place {
    let place = Place::new();
    let mut small = String::from("x,z,y\n");
    (0..60).for_each(|n| writeln!(small, "{}.5,{n},{}.5", n % 7, 2 * (n % 7)).unwrap());
    place.write("small.csv", &small);
    let output = place.tanren("train small.csv --target y --epochs 2 --out run --quiet");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let mut large = String::from("x,z\n");
    (0..ROWS).for_each(|n| writeln!(large, "{}.25,1", n % 11).unwrap());
    place.write("large.csv", &(large + end));
    place
}

#[test]
fn many_rows_are_predicted_as_few_are() {
    let place = place("");
    let all = place.prints("predict run --data large.csv");
    let lines: Vec<&str> = all.lines().collect();
    assert_eq!(lines.len(), 1 + ROWS);
    assert_eq!(lines[0], "prediction");
    place.write("few.csv", "x,z\n3.25,1\n");
    let few = place.prints("predict run --data few.csv");
    assert_eq!(few.lines().nth(1), Some(lines[4]));
    assert_eq!(lines[4 + 11 * 2000], lines[4]);
}

#[test]
fn an_error_far_down_leaves_no_file() {
    let place = place("1,2,3\n");
    let line = format!("line {}", ROWS + 2);
    place.fails("predict run --data large.csv --output p.csv", 3, &["large.csv", &line]);
    let names = std::fs::read_dir(place.path("")).unwrap();
    let names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().contains("p.csv")), "{names:?}");
    // What was predicted before is on standard output.
    let output = place.tanren("predict run --data large.csv");
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stdout).lines().count() > 1);
}

/// Someone who reads a few lines closes the pipe in the midst of the others.
#[test]
fn a_reader_may_have_enough() {
    let place = place("");
    let mut command = place.command("predict run --data large.csv");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert_eq!(first, "prediction\n");
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
}
