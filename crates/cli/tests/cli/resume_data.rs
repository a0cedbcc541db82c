//! `resume` on data that changed, and on a run that is being trained.

use crate::harness::{Place, text};
use std::fs;

const ROWS: [(f64, f64, &str); 3] = [(1.0, 30.0, "x"), (2.0, 10.0, "y"), (3.0, 20.0, "x")];

/// A table of 60 rows; `line` writes one of them.
fn table(header: &str, line: impl Fn(f64, f64, &str) -> String) -> String {
    let rows = (0..60).map(|i| {
        let (a, b, y) = ROWS[i % 3];
        line(a + i as f64, b - i as f64 / 2.0, y)
    });
    format!("{header}\n{}", rows.map(|row| row + "\n").collect::<String>())
}

fn plain(a: f64, b: f64, y: &str) -> String {
    format!("{a},{b},{y}")
}

fn trained() -> Place {
    let place = Place::new();
    place.write("data.csv", &table("a,b,y", plain));
    place.json("train data.csv --target y --epochs 3 --out run --json");
    place
}

/// Every file of a run but its lock, with its bytes.
fn files(place: &Place) -> Vec<Vec<u8>> {
    let names =
        ["recipe.toml", "data.json", "split.csv", "metrics.jsonl", "history.csv", "result.json"];
    let all = names.into_iter().chain(["model.safetensors", "checkpoints/last.safetensors"]);
    all.map(|name| place.bytes(&format!("run/{name}"))).collect()
}

#[test]
fn changed_data_are_refused_and_nothing_is_touched() {
    let place = trained();
    let before = files(&place);
    let cases = [
        (table("b,a,y", |a, b, y| plain(b, a, y)), "the columns were a, b, y, now b, a, y"),
        (table("b,a,y", plain), "the columns were a, b, y, now b, a, y"),
        (table("a,b,y", |a, b, y| plain(b, a, y)), "the values of column a and of another one"),
        (table("a,c,y", plain), "missing: b, new: c"),
        (table("a,b,c,y", |a, b, y| format!("{a},{b},{a},{y}")), "new: c"),
        (table("a,y", |a, _, y| format!("{a},{y}")), "missing: b"),
        (table("a,b,y", |a, b, y| plain(a, b * 1000.0, y)), "the values of column b changed"),
        (table("a,b,y", plain) + "7,8,x\n", "there were 60 rows, now 61"),
        (table("a,b,y", plain).replace(",x", ",z"), "column y had the levels x, y, now"),
        (table("a,b,y", plain) + "7,8,q\n", "column y had the levels x, y, now"),
    ];
    for (data, message) in cases {
        place.write("data.csv", &data);
        place.fails("resume run --epochs 8", 3, &[message, "data", "--data-changed"]);
        assert!(before == files(&place), "{message}");
    }
    place.write("data.csv", &table("a,b,y", plain));
    assert_eq!(place.json("resume run --epochs 4 --json")["epochs"], 4);
}

#[test]
fn changed_data_are_taken_when_that_is_meant() {
    let place = trained();
    place.write("data.csv", &(table("a,b,y", plain) + "7,8,x\n"));
    let output = place.tanren("resume run --epochs 5 --data-changed");
    let message = text(&output.stderr);
    assert!(output.status.success(), "{message}");
    assert!(message.contains("there were 60 rows, now 61"), "{message}");
    assert_eq!(place.read("run/split.csv").lines().count(), 62);
    assert!(message.contains("rows that it was trained on before may now be"), "{message}");
    // From now on these are the data of the run, and its scores are marked.
    let result = place.json("resume run --epochs 6 --json");
    assert_eq!(result["epochs"], 6);
    assert!(result["notes"].to_string().contains("so their scores may be too good"), "{result}");
    assert!(place.read("run/result.json").contains("so their scores may be too good"));
    let scores = place.json("eval run --json");
    assert!(scores["notes"].to_string().contains("so their scores may be too good"), "{scores}");
    let scores = place.json("eval run --split all --json");
    assert!(!scores["notes"].to_string().contains("too good"), "{scores}");
}

/// What fits neither the network nor the checkpoint is refused before the run is touched.
#[test]
fn changed_data_that_do_not_fit_leave_the_run_as_it_was() {
    let place = trained();
    let before = files(&place);
    let cases = [
        (table("a,b,c,y", |a, b, y| format!("{a},{b},{a},{y}")), 6, "the run is as it was"),
        (table("a,b,y", plain) + "7,8,q\n7,9,q\n", 2, "expected 3 features"),
    ];
    for (data, code, word) in cases {
        place.write("data.csv", &data);
        let output = place.tanren("resume run --epochs 5 --data-changed");
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{message}");
        assert!(message.contains(word), "{message}");
        assert!(before == files(&place), "{message}");
    }
    place.write("data.csv", &table("a,b,y", plain));
    assert_eq!(place.json("resume run --epochs 4 --json")["epochs"], 4);
}

#[test]
fn an_older_run_without_a_record_goes_on_with_a_note() {
    let place = trained();
    fs::remove_file(place.path("run/data.json")).unwrap();
    let output = place.tanren("resume run --epochs 4");
    let message = text(&output.stderr);
    assert!(output.status.success(), "{message}");
    assert!(message.contains("note: run has no data.json"), "{message}");
}

/// What another process that trains the run would hold.
#[test]
fn a_run_is_trained_by_one_process_at_a_time() {
    let place = trained();
    let before = files(&place);
    let lock = fs::OpenOptions::new().append(true).open(place.path("run/lock")).unwrap();
    lock.try_lock().unwrap();
    place.fails("resume run --epochs 5", 1, &["another process is training the run run"]);
    assert!(before == files(&place));
    drop(lock);
    assert_eq!(place.json("resume run --epochs 5 --json")["epochs"], 5);
}
