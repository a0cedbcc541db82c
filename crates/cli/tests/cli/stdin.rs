//! `-`: data from standard input.

use crate::harness::{Place, text};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Output, Stdio};

fn readings() -> String {
    let mut rows = String::from("x,y\n");
    for i in 0..120 {
        writeln!(rows, "{},{}", i * 37 % 101, i * 53 % 89).unwrap();
    }
    rows
}

/// Calls `tanren` with this on standard input. What is temporary goes to the folder `temporary`, and
/// nothing of it is left.
fn given(place: &Place, line: &str, stdin: &[u8]) -> Output {
    let temporary = place.path("temporary");
    std::fs::create_dir_all(&temporary).unwrap();
    let mut command = place.command(line);
    command.env("TMPDIR", &temporary).stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Whoever refuses to read is not waited for.
    drop(child.stdin.take().unwrap().write_all(stdin));
    let output = child.wait_with_output().unwrap();
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0, "{line}");
    output
}

#[test]
fn a_run_keeps_what_it_was_given() {
    let place = Place::new();
    place.write("readings.csv", &readings());
    let line =
        |data: &str, out: &str| format!("train {data} --target y --epochs 3 --out {out} --json");
    let by_file = place.json(&line("readings.csv", "by-file"));
    let output = given(&place, &line("-", "piped"), readings().as_bytes());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let piped: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(piped["test"], by_file["test"]);
    assert_eq!(place.read("piped/stdin"), readings());
    assert!(place.read("piped/recipe.toml").contains("path = \"piped/stdin\""));
    // It is a run like any other, wherever its folder is.
    std::fs::rename(place.path("piped"), place.path("moved")).unwrap();
    assert_eq!(place.json("eval moved --json")["test"], by_file["test"]);
    place.json("resume moved --epochs 4 --json");
    let words = ["would overwrite a file of the run"];
    place.fails("predict by-file --output moved/stdin --force", 2, &words);
}

#[test]
fn rows_of_any_format_are_predicted_as_from_a_file() {
    let place = Place::new();
    place.write("readings.csv", &readings());
    place.json("train readings.csv --target y --epochs 1 --out run --json");
    let expected = place.prints("predict run --data readings.csv");
    let numbers: Vec<u8> = (0..120).flat_map(|i| f64::from(i * 37 % 101).to_le_bytes()).collect();
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (120, 1), }";
    let npy =
        [b"\x93NUMPY\x01\x00\x76\x00", format!("{header:117}\n").as_bytes(), &numbers].concat();
    let sparse: String = readings().lines().skip(1).fold(String::new(), |mut all, row| {
        let (x, y) = row.split_once(',').unwrap();
        writeln!(all, "{y} 1:{x}").unwrap();
        all
    });
    for stdin in [readings().into_bytes(), npy, sparse.into_bytes()] {
        let output = given(&place, "predict run --data -", &stdin);
        assert_eq!(text(&output.stdout), expected, "{}", text(&output.stderr));
    }
}

#[test]
fn what_cannot_be_read_so_is_told() {
    let place = Place::new();
    let fails = |line: &str, stdin: &str, code: i32, words: &str| {
        let output = given(&place, line, stdin.as_bytes());
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{line}: {said}");
        assert!(said.contains(words), "{line}: {words:?} not in {said}");
    };
    fails("train - --test - --target y", &readings(), 2, "(-) is given twice");
    fails("init - --target y", &readings(), 2, "save the data to a file first");
    fails("inspect -", "", 3, "error: stdin: expected rows, found an empty file");
    fails("inspect -", "a,b\n1,2,3\n", 3, "error: stdin, line 2: expected 2 cells, found 3");
    let output = given(&place, "check - --target y --json", b"x,y\n1,2,3\n");
    assert!(text(&output.stdout).contains("\"stdin, line 2"), "{}", text(&output.stdout));
}

/// A path such as `runs/stdin-1/stdin` is that of many runs.
#[test]
fn a_run_that_was_renamed_keeps_its_own_data() {
    let place = Place::new();
    let line = "train - --target y --id x --epochs 1 --json";
    let rows: String = readings().lines().map(|line| format!("{line},{}\n", line.len())).collect();
    let readings = || rows.replace("y,3", "y,z");
    assert!(given(&place, line, readings().as_bytes()).status.success());
    std::fs::rename(place.path("runs/stdin-1"), place.path("runs/kept")).unwrap();
    let other = readings().replace("\n37,", "\n1037,");
    assert!(given(&place, line, other.as_bytes()).status.success());
    let ids = |run: &str| place.prints(&format!("predict {run}"));
    assert!(ids("runs/kept").contains("\n37,") && !ids("runs/kept").contains("\n1037,"));
    assert!(ids("runs/stdin-1").contains("\n1037,"));
}

#[test]
fn what_comes_by_standard_input_is_not_overwritten() {
    let place = Place::new();
    place.write("readings.csv", &readings());
    place.json("train readings.csv --target y --epochs 1 --out run --json");
    place.write("new.csv", &readings());
    for line in [
        "predict run --data - --output new.csv --force",
        "eval run --data - --predictions new.csv --force",
    ] {
        let mut command = place.command(line);
        let output = command.stdin(std::fs::File::open(place.path("new.csv")).unwrap()).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(2), "{line}");
        assert!(text(&output.stderr).contains("would overwrite the data"), "{line}");
        assert_eq!(place.read("new.csv"), readings());
    }
}

/// Nobody waits for a command that a signal has told to end, and it leaves nothing behind.
#[cfg(unix)]
#[test]
fn a_signal_ends_what_waits_for_standard_input() {
    let place = Place::new();
    let temporary = place.path("temporary");
    std::fs::create_dir(&temporary).unwrap();
    let kept = || std::fs::read_dir(&temporary).unwrap().next();
    for line in ["inspect -", "train - --target y"] {
        let mut command = place.command(line);
        command.env("TMPDIR", &temporary).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.as_mut().unwrap().write_all(b"x,y\n").unwrap();
        while kept().is_none() {
            assert!(child.try_wait().unwrap().is_none(), "{line}");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let kill = format!("kill -TERM {}", child.id());
        assert!(std::process::Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        let mut stdin = child.stdin.take(); // stays open: the command does not end by itself
        assert_eq!(child.wait().unwrap().code(), Some(143), "{line}");
        drop(stdin.take());
        assert!(kept().is_none(), "{line}");
    }
}
