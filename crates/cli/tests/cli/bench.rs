//! `bench`: what it prints, and what it refuses.

use crate::harness::{Place, text};
use serde_json::Value;

const QUICK: &str = "bench mlp_tiny_b32 --rounds 1 --threads 1";

#[test]
fn json_has_a_line_per_workload() {
    let place = Place::new();
    let output = place.tanren(&format!("{QUICK} mlp_digits_b32 --json"));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let lines = text(&output.stdout);
    let lines: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    for (line, name) in lines.iter().zip(["mlp_tiny_b32", "mlp_digits_b32"]) {
        let keys: Vec<_> = line.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["per_s", "threads", "workload"]);
        assert_eq!(line["workload"], name);
        assert_eq!(line["threads"], 1);
        assert!(line["per_s"].as_f64().unwrap() > 0.0, "{line}"); // however slow the machine
    }
}

#[test]
fn a_profile_says_where_all_of_the_time_went() {
    let place = Place::new();
    let line = place.json(&format!("{QUICK} --profile --json"));
    let shares = line["share"].as_object().unwrap();
    let keys: Vec<_> = shares.keys().collect();
    assert_eq!(keys, ["data", "elementwise", "gemm", "rest", "update"]);
    let share = |key: &str| shares[key].as_f64().unwrap();
    let sum: f64 = shares.keys().map(|key| share(key)).sum();
    assert!((sum - 1.0).abs() < 1e-6, "{line}");
    assert!(["data", "gemm", "update"].iter().all(|key| share(key) > 0.0), "{line}");
    let number = |group: &str, key: &str| line[group][key].as_f64().unwrap();
    assert!(number("gflop_per_s", "peak") > 0.0);
    assert!(number("gflop_per_s", "gemm") > number("gflop_per_s", "step"));
    for key in ["gemm", "step"] {
        let expected = number("gflop_per_s", key) / number("gflop_per_s", "peak");
        assert!((number("of_peak", key) - expected).abs() < 1e-9, "{line}");
    }
}

#[test]
fn predictions_are_measured_too() {
    let place = Place::new();
    for workload in ["predict_b32", "stream_lstm_h256"] {
        let bench = format!("bench {workload} --rounds 1 --threads 1 --profile --json");
        let line = place.json(&bench);
        assert_eq!(line["workload"], workload);
        assert!(line["per_s"].as_f64() > Some(0.0) && line["share"]["gemm"].as_f64() > Some(0.0));
        assert_eq!(line["share"]["update"], 0.0);
    }
}

#[test]
fn tables_fit_a_terminal() {
    let place = Place::new();
    let lists = place.prints("bench --list");
    assert!(lists.contains("784-500-250-10") && lists.lines().count() == 16, "{lists}");
    for (extra, words) in [("", "per second"), (" --profile", "of the peak")] {
        let output = place.tanren(&format!("{QUICK}{extra}"));
        let table = text(&output.stdout);
        assert!(table.contains(words) && table.contains("mlp_tiny_b32"), "{table}");
        assert!(text(&output.stderr).contains("mlp_tiny_b32"));
        assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    }
    assert!(lists.lines().all(|line| line.chars().count() <= 80), "{lists}");
}

#[test]
fn the_list_says_what_others_need_to_do_the_same() {
    let place = Place::new();
    let lists = place.prints("bench mlp_guide_adam_b32 --list --json");
    let workload: Value = serde_json::from_str(&lists).unwrap();
    let expected = serde_json::json!({
        "workload": "mlp_guide_adam_b32",
        "sizes": [784, 500, 250, 10],
        "batch": 32,
        "rows": 9600,
        "updates": "adam",
    });
    assert_eq!(workload, expected);
    let lists = place.prints("bench lstm_char_h128 --list --json");
    let workload: Value = serde_json::from_str(&lists).unwrap();
    assert_eq!(workload["steps"], 500);
    assert_eq!(workload["hidden"], "lstm");
}

#[test]
fn an_unknown_workload_names_the_nearest() {
    let place = Place::new();
    let words = ["unknown workload \"mlp_gide_b32\"", "did you mean mlp_guide_b32?"];
    place.fails("bench mlp_tiny_b32 mlp_gide_b32", 2, &words);
    place.fails("bench rocket", 2, &["unknown workload \"rocket\" (known: mlp_tiny_b32,"]);
    place.fails_with_result("bench rocket --json", 2, &["\"kind\":\"usage\""]);
    place.fails("bench --threads 0", 2, &["--threads"]);
}
