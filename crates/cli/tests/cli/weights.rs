//! `--weights`: what each row counts, in training and in scores.

use crate::harness::Place;
use std::fmt::Write as _;

/// Numbers that are twice another number, but for rows of weight 0, which are nonsense.
fn readings() -> String {
    let mut text = String::from("x,w,y\n");
    for i in 0..300 {
        let x = i * 37 % 101;
        let (w, y) =
            if i % 3 == 1 { (0.0, 1e6) } else { (0.5 + f64::from(i % 2), 2.0 * f64::from(x)) };
        writeln!(text, "{x},{w},{y}").unwrap();
    }
    text
}

#[test]
fn rows_count_what_their_weight_says() {
    let place = Place::new();
    place.write("readings.csv", &readings());
    let line = "train readings.csv --target y --epochs 20";
    let weighed = place.json(&format!("{line} --weights w --out run --json"));
    let plain = place.json(&format!("{line} --out plain --json"));
    // What counts nothing spoils neither the network nor the scores.
    let rmse = |result: &serde_json::Value| result["test"]["rmse"].as_f64().unwrap();
    assert!(rmse(&weighed) < 60.0 && rmse(&plain) > 1e4, "{weighed} {plain}");
    // The scores of the run come back, and rows to predict need no weights.
    let scores = place.json("eval run --json");
    assert_eq!(scores["test"], weighed["test"]);
    place.write("new.csv", "x\n3\n4\n");
    assert_eq!(place.prints("predict run --data new.csv").lines().count(), 3);
    let out = place.tanren("init readings.csv --target y --weights w");
    assert!(String::from_utf8_lossy(&out.stdout).contains("weights = \"w\""));
}

#[test]
fn mistakes_in_weights_are_told() {
    let place = Place::with_recipes();
    place.write("readings.csv", "x,w,y\n1,1,2\n2,-1,4\n3,1,6\n");
    let words = ["line 3", "column w", "expected a weight, a number from 0 on, found \"-1\""];
    place.fails("train readings.csv --target y --weights w", 3, &words);
    let words = ["--weights: no column \"v\"", "the columns are x, w, y"];
    place.fails("train readings.csv --target y --weights v", 3, &words);
    place.fails("train good.toml --weights w", 2, &["--weights", "change data.source"]);
    place.fails("train iris --weights w", 2, &["--weights", "embedded data set"]);
}

/// What each class counts may be said by its name.
#[test]
fn class_weights_go_by_name() {
    let place = Place::new();
    let loss = |weights: &str| {
        let loss = format!(r#"network.loss={{type="cross-entropy",class-weights={{{weights}}}}}"#);
        format!("train iris --epochs 3 --out run --quiet --json --set {loss}")
    };
    let scores = |line: &str| {
        place.json(line);
        let scores = place.json("eval run --split train --json")["train"].clone();
        assert!(scores["loss"].is_number(), "{scores}");
        std::fs::remove_dir_all(place.path("run")).unwrap();
        scores
    };
    let plain = scores("train iris --epochs 3 --out run --quiet --json");
    assert_eq!(scores(&loss("setosa=1"))["accuracy"], plain["accuracy"]);
    let shifted = scores(&loss("virginica=9"))["loss"].as_f64().unwrap();
    assert!(shifted > plain["loss"].as_f64().unwrap() + 0.05, "{shifted}, {plain} without");
    let said = ["class-weights: expected names of classes", "did you mean \"virginica\"?"];
    place.fails(&loss("verginica=9"), 2, &said);
}
