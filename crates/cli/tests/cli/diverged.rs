//! Runs that diverge: what they say, what they leave, and what the other commands make of it.

use crate::harness::{Place, text};
use serde_json::Value;
use tanren_network::{Parameters, TensorFile};

/// Trains with changed settings; the exit code, the JSON object and the message.
fn train(place: &Place, data: &str, sets: &[&str]) -> (Option<i32>, Value, String) {
    let mut command = place.command(&format!("train {data} --out run --json"));
    for set in sets {
        command.args(["--set", set]);
    }
    let output = command.output().unwrap();
    let message = text(&output.stderr);
    let result = serde_json::from_slice(&output.stdout);
    (output.status.code(), result.unwrap_or_else(|e| panic!("{e}: {message}")), message)
}

fn rate(rate: &str) -> String {
    format!("training.search={{ type = \"learning-rate\", rate = {rate} }}")
}

/// No text stands where a number should.
fn numbers_or_null(result: &Value) {
    for part in ["train", "validation", "test"] {
        let Some(scores) = result[part].as_object() else { continue };
        for (name, score) in scores {
            assert!(score.is_number() || score.is_null(), "{part} {name}: {score}");
        }
    }
}

#[test]
fn a_run_that_leaves_no_weights_leaves_no_model() {
    let place = Place::new();
    let wild = rate("{ type = \"constant\", value = 1e30 }");
    let split = "data.split={ type = \"random\", test = 0.2, validation = 0.0 }";
    let (code, result, message) = train(&place, "iris", &[&wild, split]);
    assert_eq!((code, &result["status"]), (Some(4), &"diverged".into()), "{message}");
    assert!(message.contains("the run wrote no model"), "{message}");
    assert!(result["model"].is_null() && result["train"]["loss"].is_null(), "{result}");
    let notes = result["notes"].to_string();
    assert!(notes.contains("train loss is"), "{notes}");
    numbers_or_null(&result);
    assert!(!place.path("run/model.safetensors").exists());
    let kept: Value = serde_json::from_str(&place.read("run/result.json")).unwrap();
    assert_eq!(kept["error"]["kind"], "diverged");
    for verb in ["eval run", "predict run"] {
        place.fails(verb, 4, &["run has no model: training diverged"]);
    }
    place.fails("resume run --epochs 5", 4, &["training diverged", "lower", "recipe.toml"]);
}

#[test]
fn a_run_that_diverges_late_keeps_its_best_epoch() {
    let place = Place::new();
    let late = rate("{ type = \"table\", values = [[0, 0.01], [3, 1e28]] }");
    let (code, result, message) = train(&place, "iris", &[&late]);
    assert_eq!((code, &result["status"]), (Some(4), &"diverged".into()), "{message}");
    assert!(message.contains("run/model.safetensors has the weights of epoch 3"), "{message}");
    assert!(result["test"]["loss"].is_number(), "{result}");
    let predicted = place.prints("predict run");
    assert!(predicted.starts_with("prediction,") && !predicted.contains("NaN"));
    let words = place.tanren("resume run --epochs 5");
    assert_eq!(words.status.code(), Some(4));
}

/// A finite loss far above that of the untrained network is no success.
#[test]
fn a_loss_far_above_the_first_is_a_divergence() {
    let place = Place::new();
    let large = rate("{ type = \"constant\", value = 10.0 }");
    let (code, result, message) = train(&place, "digits", &[&large, "training.epochs=3"]);
    assert_eq!((code, &result["status"]), (Some(4), &"diverged".into()), "{message}");
    assert!(message.contains("that of the untrained network is"), "{message}");
    numbers_or_null(&result);
}

/// As older versions wrote them.
#[test]
fn a_model_with_weights_that_are_not_finite_is_named() {
    let place = Place::new();
    place.json("train iris --epochs 1 --out run --json");
    let mut file = TensorFile::read(&place.path("run/model.safetensors")).unwrap();
    for (_, values) in file.tensors.values_mut() {
        if let Parameters::Single(values) = values {
            values[0] = f32::NAN;
        }
    }
    file.write(&place.path("old.safetensors")).unwrap();
    for verb in ["eval", "predict"] {
        place.fails(&format!("{verb} old.safetensors --data iris"), 4, &["training that diverged"]);
    }
}

/// Weights may be finite and still give numbers that are not. The data are right then.
#[test]
fn a_model_that_predicts_infinite_numbers_has_diverged() {
    let place = Place::new();
    let rows = (0..60).map(|i| format!("{}.5,{}.5\n", i % 7, i % 7));
    place.write("data.csv", &format!("x,y\n{}", rows.collect::<String>()));
    place.json("train data.csv --target y --epochs 1 --out run --json");
    let mut file = TensorFile::read(&place.path("run/model.safetensors")).unwrap();
    for (_, values) in file.tensors.values_mut() {
        if let Parameters::Single(values) = values {
            values.fill(f32::MAX);
        }
    }
    file.write(&place.path("huge.safetensors")).unwrap();
    place.fails("predict huge.safetensors --data data.csv", 4, &["NaN or infinite"]);
}

/// Where one class is rare, accuracy cannot show what was learnt; the loss can.
#[test]
fn a_run_that_recovers_has_not_diverged_where_a_class_is_rare() {
    let place = Place::new();
    let rows = (0..600).map(|i| {
        let (x, z) = ((i * 37) % 101, (i * 53) % 89);
        format!("{x},{z},{}\n", if i % 50 == 7 { "rare" } else { "usual" })
    });
    place.write("data.csv", &format!("x,z,y\n{}", rows.collect::<String>()));
    let rate = rate("{ type = \"step\", value = 20.0, factor = 0.1, every = 5 }");
    let sets = [rate.as_str(), "training.epochs=20"];
    let (code, result, message) = train(&place, "data.csv --target y", &sets);
    let history = place.read("run/history.csv");
    let first = history.lines().nth(1).and_then(|line| line.split(',').nth(3)).unwrap();
    assert!(first.parse::<f64>().unwrap() > 100.0, "no test: {history}");
    assert_eq!((code, &result["error"]), (Some(0), &Value::Null), "{message}");
    assert!(result["train"]["loss"].as_f64().unwrap() < 0.5, "{result}");
}

/// A run that recovers from a first epoch with a large loss is none.
#[test]
fn a_run_that_recovers_has_not_diverged() {
    let place = Place::new();
    let rows = (0..200).map(|i| format!("{},{}\n", i % 20, 1000 + 3 * (i % 20)));
    place.write("data.csv", &format!("x,y\n{}", rows.collect::<String>()));
    let rate = rate("{ type = \"constant\", value = 0.01 }");
    let sets = [rate.as_str(), "data.targets=[]", "training.epochs=3"];
    let (code, result, message) = train(&place, "data.csv --target y --task regression", &sets);
    // The loss begins near 10⁶ and is far above 10 at the end: large, but not larger than at first.
    assert!(result["train"]["loss"].as_f64().unwrap() > 10.0, "{result}");
    assert_eq!((code, &result["status"]), (Some(0), &"completed".into()), "{message}");
}
