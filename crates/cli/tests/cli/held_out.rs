//! `--split`: rows in the order of time, groups kept together, and what is said of both.

use crate::harness::{Place, text};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Visits of 120 patients: more levels than a category may have.
fn visits() -> String {
    let mut text = String::from("patient,day,dose,effect\n");
    for i in 0..360 {
        let dose = i * 37 % 101;
        writeln!(
            text,
            "p{:03},2024-{:02}-{:02},{dose},{}",
            i % 120,
            1 + i / 32,
            1 + i % 28,
            2 * dose + i % 5
        )
        .unwrap();
    }
    text
}

/// The part of every row.
fn parts(place: &Place, run: &str) -> Vec<String> {
    let split = place.read(&format!("{run}/split.csv"));
    split.lines().skip(1).map(|line| line.split(',').nth(1).unwrap().to_owned()).collect()
}

#[test]
fn groups_stay_together_and_a_model_does_without_them() {
    let place = Place::new();
    place.write("visits.csv", &visits());
    let line = "train visits.csv --target effect --split group:patient --epochs 2 --out run";
    let output = place.tanren(line);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{err}");
    assert!(out.contains("by groups of patient") && !err.contains("patient"), "{out}{err}");
    let mut groups = BTreeMap::new();
    for (row, part) in parts(&place, "run").into_iter().enumerate() {
        assert_eq!(*groups.entry(row % 120).or_insert_with(|| part.clone()), part);
    }
    assert_eq!(groups.values().filter(|part| *part == "test").count(), 24);
    let scores = place.json("eval run --json");
    assert_eq!((&scores["rows"], &scores["split"]), (&72.into(), &"test".into()));
    place.json("resume run --epochs 3 --json");
    place.write("new.csv", "dose,day\n3,2024-05-06\n");
    assert_eq!(place.prints("predict run --data new.csv").lines().count(), 2);
    // The position of a column is as good as its name.
    place.json("train visits.csv --target effect --split group:0 --epochs 2 --out same --json");
    assert_eq!(parts(&place, "same"), parts(&place, "run"));
    assert!(
        place
            .prints("init visits.csv --target effect --split group:patient")
            .contains("beside = [\"patient\"]")
    );
}

#[test]
fn the_latest_rows_are_for_testing() {
    let place = Place::new();
    // The latest rows stand first.
    let rows = visits();
    let (header, rows) = rows.split_once('\n').unwrap();
    let mut turned: Vec<&str> = rows.lines().collect();
    turned.reverse();
    place.write("turned.csv", &format!("{header}\n{}\n", turned.join("\n")));
    for (rule, first, says) in
        [("time", false, "the last rows"), ("time:day", true, "in the order of day")]
    {
        let output = place.tanren(&format!(
            "train turned.csv --target effect --split {rule} --epochs 1 --out {}",
            rule.replace(':', "-")
        ));
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success() && out.contains(says), "{rule}: {out}{err}");
        let parts = parts(&place, &rule.replace(':', "-"));
        assert_eq!(parts[0] == "test", first, "{rule}");
        assert_eq!(parts[359] == "test", !first, "{rule}");
        assert!(parts.iter().filter(|part| *part == "test").count().abs_diff(72) < 3, "{rule}");
    }
    // The day stays an input. The names of patients are in no order of time.
    assert!(!place.read("time-day/recipe.toml").contains("beside"));
    let line = "train turned.csv --target effect --split time:patient --epochs 1 --out patient";
    let words = ["turned.csv, line ", "column patient: expected a time or a number", "\"p000\""];
    place.fails(line, 3, &words);
}

#[test]
fn mistakes_in_a_split_are_told() {
    let place = Place::with_recipes();
    place.write("visits.csv", &visits());
    let fails = |options: &str, code: i32, words: &[&str]| {
        place.fails(&format!("train visits.csv --target effect {options}"), code, words);
    };
    let rules = "expected random, time, time:COLUMN or group:COLUMN";
    for wrong in ["group", "group:", "time:", "random:x", "stratified"] {
        fails(&format!("--split {wrong}"), 2, &["--split", rules]);
    }
    fails(
        "--split group:patients",
        3,
        &["--split: no column \"patients\"", "did you mean \"patient\"?"],
    );
    fails("--split time:dai", 3, &["--split: no column \"dai\"", "did you mean \"day\"?"]);
    fails("--split group:effect", 3, &["both --target and --split name this column", "effect"]);
    fails("--split time --test visits.csv", 2, &["--test", "--split"]);
    place.fails("train good.toml --split time", 2, &["--split", "change data.split in the recipe"]);
}
