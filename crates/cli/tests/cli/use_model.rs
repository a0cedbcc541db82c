//! `eval`, `predict` and `inspect`.

use crate::harness::{Place, text};
use serde_json::Value;
use std::process::Stdio;

fn trained(data: &str) -> (Place, Value) {
    let place = Place::new();
    let result = place.json(&format!("train {data} --epochs 3 --out run --json"));
    (place, result)
}

#[test]
fn eval_gives_the_test_score_again() {
    let (place, result) = trained("digits");
    let again = place.json("eval run/model.safetensors --data digits --json");
    assert_eq!(again["test"], result["test"]);
    // Without a name, the data the model was trained on.
    let own = place.json("eval run/model.safetensors --json");
    assert_eq!(own["test"], result["test"]);
    let all = place.json("eval run/model.safetensors --data digits --split all --json");
    assert_ne!(all["test"], result["test"]);
    let words = text(&place.tanren("eval run/model.safetensors --data digits").stdout);
    assert!(words.contains("accuracy"), "{words}");
}

/// Predictions joined with the split give the test score.
#[test]
fn predictions_are_those_that_were_scored() {
    let (place, result) = trained("iris");
    let output = place.tanren("predict run/model.safetensors --data iris");
    let table = text(&output.stdout);
    let mut lines = table.lines();
    assert_eq!(lines.next().unwrap(), "prediction,p_setosa,p_versicolor,p_virginica");
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 150);
    for row in &rows {
        let sum: f64 = row[1..].iter().map(|p| p.parse::<f64>().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-5, "{row:?}");
    }
    let split = place.read("run/split.csv");
    let names = ["setosa", "versicolor", "virginica"]; // 50 rows each, in this order
    let tested = split.lines().skip(1).enumerate().filter(|(_, line)| line.ends_with(",test"));
    let tested: Vec<usize> = tested.map(|(row, _)| row).collect();
    let right = tested.iter().filter(|&&row| rows[row][0] == names[row / 50]).count();
    let accuracy = right as f64 / tested.len() as f64;
    assert_eq!(result["test"]["accuracy"].as_f64().unwrap(), accuracy);

    let output = place.tanren("predict run/model.safetensors --data iris --output p.csv");
    assert!(output.status.success());
    assert_eq!(place.read("p.csv"), table);
}

#[test]
fn inspect_says_what_is_in_a_model() {
    let (place, _) = trained("iris");
    let words = text(&place.tanren("inspect run/model.safetensors").stdout);
    for word in ["dense", "cross-entropy", "setosa", "dense-1.weight", "parameters"] {
        assert!(words.contains(word), "{word:?} not in {words}");
    }
    assert!(words.lines().all(|l| l.chars().count() <= 80), "{words}");
    let value = place.json("inspect run/model.safetensors --json");
    assert!(value.to_string().contains("dense-1.weight"));
}

/// Someone who reads only the first line closes the pipe; that is no error to shout about.
#[test]
fn a_closed_pipe_is_quiet() {
    let (place, _) = trained("digits");
    let mut child = place
        .command("predict run/model.safetensors --data digits")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(text(&output.stderr), "");
}
