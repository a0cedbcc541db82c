//! What happens while `predict` writes a file: a signal, or another file of that name.
#![cfg(unix)]

use crate::harness::{Place, text};
use crate::signals::{kill, spawn};
use crate::streaming;
use std::fs::{self, File};
use std::io::Write as _;
use std::process::{Child, Output};
use std::time::Duration;

const LINE: &str = "predict run --data large.csv --output p.csv";

/// Files in the folder that have to do with `p.csv`.
fn files(place: &Place) -> Vec<String> {
    let names = fs::read_dir(place.path("")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.contains("p.csv")).collect()
}

/// A command that writes so many rows to `p.csv`, has begun and does not go on until it is told to by a
/// signal; `None` where it ended before it could be stopped.
fn stopped(rows: usize) -> Option<(Place, Child)> {
    let place = streaming::place(&"3.25,1\n".repeat(rows));
    let mut child = spawn(place.command(LINE));
    while files(&place).is_empty() {
        if child.try_wait().unwrap().is_some() {
            return None;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    kill(&child, "STOP");
    Some((place, child)).filter(|(place, _)| !place.path("p.csv").exists())
}

/// What happened to a command while it wrote: `act` is called before it goes on. A command that was so
/// fast that it ended before is called again, with more rows.
fn midway(act: impl Fn(&Place, &Child)) -> (Place, Output) {
    for rows in [400_000, 1_600_000, 6_400_000] {
        let Some((place, child)) = stopped(rows) else { continue };
        act(&place, &child);
        kill(&child, "CONT");
        let output = child.wait_with_output().unwrap();
        if !output.status.success() {
            return (place, output);
        }
    }
    panic!("however many rows it had to write, it ended before it could be stopped");
}

#[test]
fn a_signal_leaves_no_file() {
    let (place, output) = midway(|_, child| kill(child, "INT"));
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{message}");
    assert!(message.contains("interrupted; no file was written"), "{message}");
    assert!(files(&place).is_empty(), "{:?}", files(&place));
}

#[test]
fn a_file_that_was_made_meanwhile_is_not_overwritten() {
    let write = |place: &Place, _: &Child| {
        let mut mine = File::create_new(place.path("p.csv")).unwrap();
        mine.write_all(b"mine").unwrap();
    };
    let (place, output) = midway(write);
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("p.csv") && message.contains("in the meantime"), "{message}");
    assert_eq!(place.read("p.csv"), "mine");
    assert_eq!(files(&place), ["p.csv"]);
}
