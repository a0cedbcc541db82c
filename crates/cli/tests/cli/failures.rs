//! Every exit code that can be reached by mistake or by damage, and its message.

use crate::harness::{Place, text};
use serde_json::Value;
use std::fs;
use tanren_network::TensorFile;

fn trained() -> Place {
    let place = Place::new();
    place.json("train iris --epochs 2 --out run --json");
    place
}

#[test]
fn usage_is_2() {
    let place = Place::new();
    place.fails("train nowhere.toml", 2, &["nowhere.toml"]);
    place.fails("train digit", 2, &["digit", "digits"]);
    place.fails("train --epochs 0", 2, &["0"]);
    place.fails("trian", 2, &["train"]);
    place.fails("resume nothing-here", 2, &["nothing-here"]);
    place.json("train iris --epochs 3 --out three --json");
    place.fails("resume three --epochs 2", 2, &["3 epochs are already trained"]);
    let output = place.tanren("train nowhere.toml --json");
    let failed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(failed["status"], "failed");
    assert!(failed["error"]["message"].as_str().unwrap().contains("nowhere.toml"));
    assert!(failed["error"]["kind"].is_string());
    assert!(!place.path("runs").exists(), "nothing was begun");
}

#[test]
fn a_run_is_never_overwritten() {
    let place = trained();
    let before = place.bytes("run/model.safetensors");
    place.fails("train iris --out run", 2, &["run", "already"]);
    assert!(before == place.bytes("run/model.safetensors"));
}

#[test]
fn a_wrong_recipe_is_2_and_says_where() {
    let place = trained();
    let good = place.read("run/recipe.toml");
    let cases = [
        ("epochs =", "epoch =", "epoch"),
        ("\"relu\"", "\"rleu\"", "relu"),
        ("units = 3,", "units = 4,", "3 features"),
        ("units = 3,", "units = 0,", "units"),
        ("units = 3,", "units = \"three\",", "three"),
        ("units = 32", "units = 9000000000", "fit in memory"),
        ("units = 32", "units = 900000000000000000", "parameters"),
        ("batch = ", "batch = -", "batch"),
        ("format = 1", "format = 2", "format"),
        ("[training]", "[training", "bad.toml:30:10"),
        (
            "type = \"cross-entropy\", label-smoothing = 0.0, class-weights = \"equal\", focal = 0.0",
            "type = \"mse\"",
            "mse",
        ),
    ];
    for (right, wrong, word) in cases {
        assert!(good.contains(right), "{right:?} not in {good}");
        place.write("bad.toml", &good.replacen(right, wrong, 1));
        place.fails("train bad.toml --out bad", 2, &[word]);
        assert!(!place.path("bad/model.safetensors").exists());
        let message = text(&place.tanren("train bad.toml --out bad").stderr);
        assert_eq!(message.lines().count(), 1, "{message}");
    }
    place.write("bad.json", "{\"data\": [");
    place.fails("train bad.json", 2, &["bad.json:1:10"]);
}

#[test]
fn wrong_data_are_3() {
    let place = trained();
    place.fails(
        "eval run/model.safetensors --data digits",
        3,
        &["column pixels", "expected 4 features", "pixels"],
    );
    place.fails("predict run/model.safetensors --data digits", 3, &["expected"]);
}

#[test]
fn output_is_proved_before_training() {
    let place = Place::new();
    place.write("file", "");
    place.fails("train --out file/run", 1, &["file/run"]);
    let place = trained();
    place.write("file", "");
    place.fails("predict run/model.safetensors --data iris --output file/p.csv", 1, &["p.csv"]);
    if fs::metadata("/dev/full").is_ok() {
        let line = "predict run/model.safetensors --data iris";
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = place.command(line).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    }
}

#[test]
fn a_damaged_model_is_6() {
    let place = trained();
    let good = place.bytes("run/model.safetensors");
    place.fails("eval missing.safetensors --data iris", 6, &["missing.safetensors"]);
    for damaged in [&good[..good.len() / 2], &good[..7], b"not a model at all", b""] {
        fs::write(place.path("bad.safetensors"), damaged).unwrap();
        for verb in ["eval", "predict"] {
            place.fails(&format!("{verb} bad.safetensors --data iris"), 6, &["bad.safetensors"]);
        }
        place.fails("inspect bad.safetensors", 6, &["bad.safetensors"]);
    }
    let mut flipped = good.clone();
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    fs::write(place.path("bad.safetensors"), flipped).unwrap();
    place.fails("eval bad.safetensors --data iris", 6, &["damaged"]);
}

#[test]
fn a_missing_plugin_is_6_and_inspect_still_works() {
    let place = trained();
    let mut file = TensorFile::read(&place.path("run/model.safetensors")).unwrap();
    let model = file.entries["model"].replace("\"relu\"", "\"acme/swish\"");
    file.entries.insert("model".into(), model);
    file.write(&place.path("outside.safetensors")).unwrap();
    place.fails("eval outside.safetensors --data iris", 6, &["needs plugin acme/swish"]);
    let output = place.tanren("inspect outside.safetensors");
    assert!(output.status.success());
    assert!(text(&output.stdout).contains("acme/swish"));
}

#[test]
fn a_damaged_checkpoint_is_6() {
    let place = trained();
    let path = "run/checkpoints/last.safetensors";
    let good = place.bytes(path);
    for damaged in [&good[..good.len() - 3], b"{}", b""] {
        fs::write(place.path(path), damaged).unwrap();
        place.fails("resume run --epochs 3", 6, &["checkpoint"]);
    }
    // A checkpoint of another network.
    place.json("train digits --epochs 1 --out other --json");
    fs::copy(place.path("other/checkpoints/last.safetensors"), place.path(path)).unwrap();
    place.fails("resume run --epochs 3", 6, &["checkpoint belongs to another recipe"]);
}
