//! What happens while `predict` writes a file: a signal, or another file of that name.
#![cfg(unix)]

use crate::harness::{Place, text};
use crate::signals::{kill, spawn};
use crate::streaming;
use std::fs::{self, File};
use std::io::Write as _;
use std::process::Child;
use std::time::Duration;

const LINE: &str = "predict run --data large.csv --output p.csv";

/// Files in the folder that have to do with `p.csv`.
fn files(place: &Place) -> Vec<String> {
    let names = fs::read_dir(place.path("")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.contains("p.csv")).collect()
}

/// A command that writes many rows to `p.csv` and has begun.
fn writing() -> (Place, Child) {
    let place = streaming::place(&"3.25,1\n".repeat(400_000));
    let mut child = spawn(place.command(LINE));
    while files(&place).is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "ended before it wrote anything");
        std::thread::sleep(Duration::from_millis(1));
    }
    (place, child)
}

#[test]
fn a_signal_leaves_no_file() {
    let (place, mut child) = writing();
    if child.try_wait().unwrap().is_some() {
        return; // too fast to be interrupted
    }
    kill(&child, "INT");
    let output = child.wait_with_output().unwrap();
    let message = text(&output.stderr);
    if output.status.success() {
        return; // it had written the last rows before it was interrupted
    }
    assert_eq!(output.status.code(), Some(130), "{message}");
    assert!(message.contains("interrupted; no file was written"), "{message}");
    assert!(files(&place).is_empty(), "{:?}", files(&place));
}

#[test]
fn a_file_that_was_made_meanwhile_is_not_overwritten() {
    let (place, child) = writing();
    let Ok(mut mine) = File::create_new(place.path("p.csv")) else {
        return; // it was there first
    };
    mine.write_all(b"mine").unwrap();
    let output = child.wait_with_output().unwrap();
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("p.csv") && message.contains("in the meantime"), "{message}");
    assert_eq!(place.read("p.csv"), "mine");
    assert_eq!(files(&place), ["p.csv"]);
}
