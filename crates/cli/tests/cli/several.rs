//! Several targets: `--target a --target b`, from data to predictions and scores.

use crate::harness::{Place, text};
use std::fmt::Write as _;

/// Two numbers and a class that follow from two others. A name has a comma.
fn ovens() -> String {
    let mut text = String::from("heat,time,\"loss, g\",crust,done.ness\n");
    for i in 0..300 {
        let (heat, time) = (100 + i * 37 % 101, 10 + i * 11 % 31);
        let crust = ["pale", "brown", "black"][(heat - 100) / 34];
        let crust = if i % 60 == 7 { "" } else { crust };
        writeln!(text, "{heat},{time},{},{crust},{}", heat * 2 + time, 3 * time).unwrap();
    }
    text
}

#[test]
fn several_targets_are_predicted_at_once() {
    let place = Place::new();
    place.write("ovens.csv", &ovens());
    let mut command = place.command("train ovens.csv --epochs 30 --out run");
    command.args(["--target", "loss, g", "--target", "crust", "--target", "done.ness"]);
    let output = command.output().unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{err}");
    assert!(err.contains("5 rows that lack one of the 3 targets left out"), "{err}");
    for words in ["2 numbers, standardized, 1 class", "32, relu; outputs 1+3+1", "2 numbers"] {
        assert!(out.contains(words), "{words:?} not in {out}");
    }
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    let scores = place.json("eval run --json");
    for name in ["loss", "rmse", "crust/accuracy", "done-ness/rmse", "loss, g/loss"] {
        assert!(scores["test"][name].is_number(), "{name} not in {scores}");
    }
    assert!(scores["test"]["crust/accuracy"].as_f64().unwrap() > 0.6, "{scores}");
    // Predictions are named by their targets and need none.
    place.write("new.csv", "time,heat\n12,110\n30,190\n");
    let predictions = place.prints("predict run --data new.csv");
    let header = "\"loss, g_prediction\",crust_prediction,crust_p_black,crust_p_brown,\
                  crust_p_pale,done.ness_prediction";
    assert_eq!(predictions.lines().next(), Some(header));
    assert_eq!(predictions.lines().count(), 3);
    place.json("eval run --predictions beside.csv --json");
    assert!(
        place
            .read("beside.csv")
            .starts_with("row,\"loss, g_truth\",\"loss, g_prediction\",crust_truth")
    );
    // A run goes on, and its recipe is one.
    place.json("resume run --epochs 31 --json");
    assert!(place.prints("render run/recipe.toml").contains("\"loss, g\""));
    assert!(place.prints("inspect run").contains("3 classes: black, brown, pale"));
}

#[test]
fn other_names_and_mistakes() {
    let place = Place::new();
    place.write("ovens.csv", &ovens());
    place.json("train ovens.csv --target -1 --target time --epochs 1 --out run --json");
    let renamed = ovens().replace("time,", "minutes,");
    place.write("renamed.csv", &renamed.replace("done.ness", "core"));
    place.json("eval run --data renamed.csv --target core --target minutes --json");
    place.fails(
        "eval run --target a --target b --target c",
        2,
        &["the model has 2 targets, found 3"],
    );
    place.fails(
        "train ovens.csv --target crust --target tyme",
        3,
        &["no column \"tyme\"", "\"time\""],
    );
    place.fails("train ovens.csv", 2, &["which column is the target?", "repeat it for several"]);
}

/// Answers to several questions at once, judged by one loss.
#[test]
fn joint_targets_are_one_vector() {
    let place = Place::new();
    let rows = (0..200).map(|i| {
        let (x, y) = (i * 37 % 101, i * 11 % 31);
        format!("{x},{y},{},{},{}\n", i32::from(x > 50), i32::from(y > 9), i32::from(x + y > 70))
    });
    place.write("songs.csv", &format!("x,y,sad,fast,loud\n{}", rows.collect::<String>()));
    let targets = "--target sad --target fast --target loud --set data.source.joint=true";
    let made = place.prints(&format!("init songs.csv {targets}"));
    for words in ["3 answers of 0 or 1 (no other numbers", "binary-cross-entropy"] {
        assert!(made.contains(words), "{words:?} not in {made}");
    }
    assert!(!made.contains("targets = [\"standardize"), "{made}");
    let auc = r#"--set training.metrics=["auc"]"#;
    place.json(&format!("train songs.csv {targets} {auc} --epochs 40 --out run --json"));
    let scores = place.json("eval run --json");
    assert!(scores["test"]["auc"].as_f64().unwrap() > 0.9, "{scores}");
    place.write("new.csv", "y,x\n3,10\n20,90\n");
    let predictions = place.prints("predict run --data new.csv");
    let mut lines = predictions.lines();
    assert_eq!(lines.next(), Some("prediction_sad,prediction_fast,prediction_loud"));
    let last = lines.next_back().unwrap();
    assert!(last.split(',').all(|p| p.parse::<f64>().unwrap() > 0.5), "{predictions}");
    // By the columns' own names, wherever they stand.
    let rows = (0..9).map(|i| format!("{},1,{i},{},0\n", i % 2, 12 * i));
    place.write("more.csv", &format!("loud,fast,y,x,sad\n{}", rows.collect::<String>()));
    assert!(place.json("eval run --data more.csv --json")["all"]["loss"].is_number());
    // By other names, in the order of the model.
    let renamed = place.read("more.csv").replace("sad", "blue").replace("loud", "noisy");
    place.write("renamed.csv", &renamed);
    let names = "--target blue --target fast --target noisy";
    let same = |line: &str| place.json(line)["all"].clone();
    let renamed = same(&format!("eval run --data renamed.csv {names} --json"));
    assert_eq!(renamed, same("eval run --data more.csv --json"));
    place.fails("eval run --data renamed.csv --target blue", 3, &["loud"]);
    place.fails("eval run --data more.csv --target fast", 2, &["\"fast\" would be two targets"]);
    // Unasked, each answer by itself; with other probabilities for a yes.
    let known = place.json("eval run --json")["test"].clone();
    for name in ["f1_macro", "pr_auc", "precision_sad", "recall_fast", "recall_loud"] {
        assert!(known[name].is_number(), "{name} not in {known}");
    }
    let low = place.json("eval run --threshold 0.01 --json")["test"].clone();
    assert!(low["recall_sad"].as_f64() >= known["recall_sad"].as_f64(), "{low} {known}");
    assert_ne!(low["precision_sad"], known["precision_sad"]);
    let metric = r#"--set training.metrics=[{type="recall",over={class="laud"}}]"#;
    place.fails(
        &format!("train songs.csv {targets} {metric}"),
        2,
        &["training.metrics[0]: expected a class of sad+fast+loud (sad, fast, loud), for recall_laud", "\"loud\"?"],
    );
    place.fails(&format!("eval run {names} --target x"), 2, &["has 3 targets, found 4 names"]);
}

/// An answer of ½ is none that could be right or wrong, so nothing is scored that would not be defined.
#[test]
fn soft_answers_have_no_scores_of_answers() {
    let place = Place::new();
    let rows = (0..60).map(|i| format!("{i},{},{}\n", f64::from(i % 3) / 2.0, i % 2));
    place.write("soft.csv", &format!("x,a,b\n{}", rows.collect::<String>()));
    let joint = "--target a --target b --set data.source.joint=true --set data.targets=[]";
    let loss = r#"--set network.loss="binary-cross-entropy" --epochs 1 --out run --json"#;
    place.json(&format!("train soft.csv {joint} {loss}"));
    let scores = place.json("eval run --json");
    let known = scores["test"].as_object().unwrap();
    assert!(known["loss"].is_number() && !known.contains_key("f1_macro"), "{scores}");
    assert!(known.values().all(serde_json::Value::is_number), "{scores}");
}

/// Shares, rounded; and text that is no number.
#[test]
fn joint_targets_that_are_shares_or_text() {
    let place = Place::new();
    let rows = (0..120).map(|i| {
        let a = f64::from(i % 7) / 7.0;
        let (b, c) = ((1.0 - a) * 0.3, (1.0 - a) * 0.7);
        format!("{i},{a:.2},{b:.2},{c:.2}\n")
    });
    place.write("soil.csv", &format!("x,sand,silt,clay\n{}", rows.collect::<String>()));
    let joint = "--set data.source.joint=true";
    let targets = format!("--target sand --target silt --target clay {joint}");
    let output = place.tanren(&format!("train soil.csv {targets} --epochs 3 --out run"));
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{err}");
    for words in ["3 shares", "they add up to 1 in every row", "cross-entropy"] {
        assert!(out.contains(words), "{words:?} not in {out}");
    }
    place.write("answers.csv", "x,a,b\n1,yes,1\n2,no,0\n3,yes,1\n4,no,0\n5,no,1\n6,no,0\n");
    place.fails(
        &format!("train answers.csv --target a --target b {joint} --out none"),
        3,
        &["answers.csv, line 2, row 0, column a: expected a number, found \"yes\"; joint targets are numbers: write 1 \
           for yes and 0 for no"],
    );
    // Data that no training can begin with leave no run.
    let bad = place.read("soil.csv").replace("100,0.29,0.21,0.50", "100,0.29,0.21,0.60");
    place.write("bad.csv", &bad);
    let loss = r#"--set data.targets=[] --set network.loss="cross-entropy" --out bad"#;
    place.fails(
        &format!("train bad.csv {targets} {loss}"),
        3,
        &[
            "bad.csv, ",
            "that add up to 1, but for rounding for cross-entropy, found [0.29, 0.21, 0.6]",
        ],
    );
    assert!(!place.path("bad").exists());
    // A folder that was there stays.
    std::fs::create_dir(place.path("bad")).unwrap();
    place.fails(&format!("train bad.csv {targets} {loss}"), 3, &["add up to 1"]);
    let left: Vec<_> = std::fs::read_dir(place.path("bad")).unwrap().collect();
    assert_eq!(left.len(), 1, "no more than a lock");
}
