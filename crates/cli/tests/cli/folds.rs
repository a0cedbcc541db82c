//! `train --folds`: cross-validation, and a model of all rows after it.

use crate::harness::Place;
use serde_json::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn every_score_has_a_mean_and_a_spread() {
    let place = Place::new();
    let text = place.prints("train iris --folds 4 --epochs 8 --quiet");
    assert!(text.starts_with("iris: 150 rows in 4 folds; "), "{text}");
    assert!(text.contains("split          4 folds"), "{text}");
    let head = "mean         std      lowest     highest    baseline";
    assert!(text.contains(head) && text.contains("\naccuracy "), "{text}");
    assert!(text.contains("Model    none: --refit trains one on all rows, for "), "{text}");
    assert!(!place.path("runs").exists(), "cross-validation alone writes nothing");

    let result = place.json("train iris --folds 4 --epochs 8 --quiet --json");
    let folds = result["folds"].as_array().unwrap();
    assert_eq!(folds.len(), 4);
    let accuracy: Vec<f64> =
        folds.iter().map(|f| f["test"]["accuracy"].as_f64().unwrap()).collect();
    let mean = accuracy.iter().sum::<f64>() / 4.0;
    let squares: f64 = accuracy.iter().map(|x| (x - mean).powi(2)).sum();
    let scores = &result["scores"]["accuracy"];
    assert!((scores["mean"].as_f64().unwrap() - mean).abs() < 1e-12, "{scores}");
    assert!((scores["std"].as_f64().unwrap() - (squares / 3.0).sqrt()).abs() < 1e-12, "{scores}");
    let tested: u64 = folds.iter().map(|fold| fold["rows"]["test"].as_u64().unwrap()).sum();
    assert_eq!(tested, 150);

    // On any number of threads.
    for threads in ["1", "2", "7"] {
        let line = format!("train iris --folds 4 --epochs 8 --quiet --json --threads {threads}");
        assert_eq!(place.json(&line)["scores"], result["scores"], "{threads} threads");
    }
}

#[test]
fn refit_trains_on_all_rows_for_the_median_of_the_best_epochs() {
    let place = Place::new();
    let line = "train iris --folds 3 --epochs 9 --refit --out run --quiet --json";
    let result = place.json(line);
    let validated = &result["cross_validation"];
    let folds = validated["folds"].as_array().unwrap();
    let mut best: Vec<u64> = folds.iter().map(|f| f["best_epoch"].as_u64().unwrap()).collect();
    best.sort_unstable();
    assert_eq!(validated["epochs"], best[1]);
    assert_eq!(result["epochs"], best[1]);
    assert!(result["test"].is_null() && result["validation"].is_null());
    assert_eq!(json(&place.read("run/result.json"))["cross_validation"], *validated);
    let split = place.read("run/split.csv");
    assert_eq!(split.lines().filter(|line| line.ends_with(",train")).count(), 150);
    let recipe = place.read("run/recipe.toml");
    assert!(recipe.contains("the median of the best epochs of 3 folds"), "{recipe}");
    // Going on keeps what cross-validation said.
    place.json("resume run --epochs 12 --json");
    assert_eq!(json(&place.read("run/result.json"))["cross_validation"], *validated);
    std::fs::remove_dir_all(place.path("run")).unwrap();
    place.json(line);
    // The recipe says it all.
    place.prints("train run/recipe.toml --out again --quiet");
    assert_eq!(place.bytes("again/model.safetensors"), place.bytes("run/model.safetensors"));
}

/// Limits stay in the refit, and what it says of its epochs is what it does.
#[test]
fn refit_keeps_limits() {
    let place = Place::new();
    let rule = r#"training.stopping=[{type="time-limit",seconds=1e6}]"#;
    let line =
        format!("train iris --folds 3 --epochs 4 --refit --out run --quiet --json --set {rule}");
    let epochs = place.json(&line)["epochs"].as_u64().unwrap();
    let recipe = place.read("run/recipe.toml");
    let said = format!("up to {epochs}, early stopping by time-limit (the median");
    assert!(recipe.contains(&said) && recipe.contains("seconds = 1"), "{recipe}");
}

#[test]
fn rows_of_a_group_and_of_a_time_stay_together() {
    let place = Place::new();
    let rows = (0..60).map(|i| format!("{i},{},{}\n", i % 9, f64::from(i * i % 11) / 3.0));
    place.write("visits.csv", &format!("day,patient,y\n{}", rows.collect::<String>()));
    for split in ["patient", "day"] {
        let split = if split == "day" { "time:day" } else { "group:patient" };
        let line = format!(
            "train visits.csv --target y --task regression --split {split} --folds 3 --epochs 3 --quiet --json"
        );
        let result = place.json(&line);
        let rows = |k: usize, part: &str| result["folds"][k]["rows"][part].as_u64().unwrap();
        let tested = |k| rows(k, "test");
        match split {
            "time:day" => {
                assert_eq!([0, 1, 2].map(tested), [15; 3]);
                assert!(rows(0, "train") < rows(1, "train") && rows(1, "train") < rows(2, "train"));
            }
            _ => assert_eq!([0, 1, 2].map(tested).iter().sum::<u64>(), 60),
        }
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let place = Place::new();
    place.json("train iris --epochs 1 --out used --json");
    place.write("train.csv", "x,y\n1,a\n2,b\n3,a\n4,b\n5,a\n6,b\n");
    place.write("test.csv", "x,y\n1,a\n2,b\n");
    for (line, message) in [
        ("train iris --folds 3 --out run", "add --refit to train a model on all rows"),
        ("train iris --refit", "--folds"),
        ("train iris --folds 3 --refit --out used", "used already contains a run"),
        ("train iris --folds 1", "expected a whole number, at least 2"),
        ("train iris --folds 151", "151 folds need at least 151 rows, found 150"),
        (
            "train train.csv --test test.csv --target y --folds 2",
            "leave the test data out and choose another split, such as random",
        ),
    ] {
        let output = place.tanren(line);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && stderr.contains(message), "{line}: {stderr}");
    }
    assert!(!place.path("run").exists() && !place.path("runs").exists());
}

#[test]
fn a_fold_that_diverges_fails_the_command() {
    let place = Place::new();
    let line = "train iris --folds 3 --epochs 3 --lr 1e30 --refit --out run --quiet --json";
    let output = place.tanren(line);
    assert_eq!(output.status.code(), Some(4));
    let result = json(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(
        (&result["status"], &result["error"]["kind"]),
        (&"diverged".into(), &"diverged".into())
    );
    assert!(
        String::from_utf8(output.stderr).unwrap().contains("error: fold 1 of 3: training diverged")
    );
    assert!(!place.path("run").exists());
}

/// Each rule of `training.stopping` ends a run, and the result says why.
#[test]
fn runs_say_why_they_stopped() {
    let place = Place::new();
    for (rule, reason) in [
        (r#"{type="target-score",metric="accuracy",score=0.5}"#, "validation accuracy"),
        (r#"{type="target-score",metric="loss",score=1,rows="train"}"#, "training loss"),
        (r#"{type="time-limit",seconds=1e-9}"#, "the time limit of 0.000000001 s is reached"),
        (r#"{type="max-loss",loss=1e-3}"#, "of update 1 is above 0.001"),
    ] {
        let line = format!("train iris --quiet --json --set training.stopping=[{rule}]");
        let result = place.json(&line);
        assert_eq!(result["status"], "stopped_early", "{result}");
        let said = result["reason"].as_str().unwrap();
        assert!(said.contains(reason), "{said}");
    }
    let rule = r#"{type="patience",rows="test"}"#;
    let output = place.tanren(&format!("train iris --set training.stopping=[{rule}]"));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("unknown value \"test\" (known: train, validation)"), "{stderr}");
}
