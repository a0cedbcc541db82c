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

/// Scores stand under the name of the rows they are of.
#[test]
fn eval_names_the_rows_it_scores() {
    let (place, result) = trained("iris");
    for part in ["train", "validation"] {
        let scores = place.json(&format!("eval run --split {part} --json"));
        assert!(scores["test"].is_null() && scores[part]["loss"].is_number(), "{scores}");
        assert_eq!(scores[part], result[part]);
    }
    place.json("eval run --split all --json")["all"]["loss"].as_f64().unwrap();
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

/// Row numbers, truth and predictions, of the rows that are scored.
#[test]
fn eval_writes_its_predictions_beside_the_truth() {
    let (place, result) = trained("iris");
    let scores = place.prints("eval run --predictions p.csv");
    assert!(scores.contains("accuracy"), "{scores}");
    let table = place.read("p.csv");
    let mut lines = table.lines();
    let header = lines.next().unwrap();
    assert_eq!(header, "row,truth,prediction,p_setosa,p_versicolor,p_virginica");
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let tested: Vec<_> = place.read("run/split.csv").lines().map(str::to_owned).collect();
    let tested = tested.iter().filter_map(|line| line.strip_suffix(",test"));
    assert!(tested.eq(rows.iter().map(|row| row[0])), "{table}");
    let names = ["setosa", "versicolor", "virginica"]; // 50 rows each, in this order
    let number = |cell: &str| cell.parse::<f64>().unwrap();
    assert!(rows.iter().all(|row| row[1] == names[row[0].parse::<usize>().unwrap() / 50]));
    let right = rows.iter().filter(|row| row[1] == row[2]).count();
    let accuracy = right as f64 / rows.len() as f64;
    assert_eq!(result["test"]["accuracy"].as_f64().unwrap(), accuracy);

    place.prints("eval run --predictions worst.csv --most-wrong --split all");
    let table = place.read("worst.csv");
    let of_truth = |line: &str| {
        let row: Vec<&str> = line.split(',').collect();
        number(row[3 + names.iter().position(|name| *name == row[1]).unwrap()])
    };
    let probabilities: Vec<f64> = table.lines().skip(1).map(of_truth).collect();
    assert_eq!(probabilities.len(), 150);
    assert!(probabilities.is_sorted(), "{table}");
    place.fails("eval run --most-wrong", 2, &["--predictions"]);
    let output = place.tanren("eval run --predictions -");
    assert!(text(&output.stdout).starts_with("row,truth") && text(&output.stderr).contains("loss"));
}

#[test]
fn numbers_are_sorted_by_how_far_they_are_off() {
    let place = Place::new();
    let rows = (0..100).map(|i| format!("{},{}\n", i % 10, 2 * (i % 10) + i % 3));
    place.write("d.csv", &format!("x,y\n{}", rows.collect::<String>()));
    place.json("train d.csv --target y --task regression --epochs 2 --out run --json");
    place.prints("eval run --predictions p.csv --most-wrong --split all");
    let table = place.read("p.csv");
    assert!(table.starts_with("row,truth,prediction\n"), "{table}");
    let off = table.lines().skip(1).map(|line| {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        -(cells[1] - cells[2]).abs()
    });
    assert!(off.collect::<Vec<_>>().is_sorted(), "{table}");
}

/// `predict` and `eval` have no option for the settings of a reader.
#[test]
fn no_advice_that_cannot_be_taken() {
    let place = Place::new();
    let rows = |cell: &str| (0..60).map(|i| format!("{i},{}{cell}\n", i % 2)).collect::<String>();
    place.write("d.csv", &format!("x,y\n{}", rows("")));
    place.json("train d.csv --target y --epochs 1 --out run --json");
    place.write("bad.csv", "x,y\noops,1\nno,0\nnever,1\n");
    for verb in ["eval", "predict"] {
        let output = place.tanren(&format!("{verb} run --data bad.csv"));
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{verb}: {message}");
        assert!(!message.contains("--set") && !message.contains("help:"), "{verb}: {message}");
    }
}

/// A table in which one row in eight is of the class that matters.
fn with_rare(place: &Place) {
    let row = |n: u32| {
        let (rare, spread) = (n.is_multiple_of(8), f64::from(n * 37 % 100) / 50.0);
        format!(
            "{},{spread},{}\n",
            if rare { spread + 0.3 } else { spread },
            if rare { "a" } else { "b" }
        )
    };
    place.write("rare.csv", &(0..400).fold("x,z,y\n".to_owned(), |text, n| text + &row(n)));
    place.prints("train rare.csv --target y --epochs 4 --out run --quiet");
}

#[test]
fn a_rare_class_is_scored_unasked_and_found_by_a_threshold() {
    let place = Place::new();
    with_rare(&place);
    let said = place.prints("eval run");
    for words in [
        "95% interval",
        "balanced_accuracy",
        "pr_auc_a",
        "recall_a",
        "Confusion: a row for each true class",
        "Reliability: how probable",
        "Most wrong\n  row ",
    ] {
        assert!(said.contains(words), "no {words:?} in {said}");
    }
    let recall = |line: &str| {
        let result = place.json(line);
        assert_eq!(result["outputs"][0]["target"], "y");
        let bounds = &result["outputs"][0]["intervals"]["recall_a"];
        let recall = result["test"]["recall_a"].as_f64().unwrap();
        let bound = |k: usize| bounds[k].as_f64().unwrap();
        assert!(bound(0) <= recall && recall <= bound(1), "{bounds}");
        recall
    };
    assert!(
        recall("eval run --json --threshold 0.999") > recall("eval run --json --threshold 0.3")
    );
    let predicted = |line: &str| {
        let said = place.prints(line);
        said.lines().filter(|line| line.starts_with("a,")).count()
    };
    assert_eq!(predicted("predict run --threshold 1"), 400);
    assert_eq!(predicted("predict run --threshold 0"), 0);
    place.fails("eval run --threshold 2", 2, &["--threshold", "from 0 to 1"]);
    place.prints("train iris --epochs 1 --out iris --quiet");
    place.fails("eval iris --threshold 0.3", 2, &["a target of two classes"]);
}
