//! The layer passes the same tests as a built-in one, trains, and lives in a file.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

use acme::Swish;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tanren::plugin::Layer;
use tanren::prelude::*;
use tanren::tensor::Shape;

#[test]
fn conforms() {
    for shape in [Shape::vector(3), Shape::sequence(2)] {
        tanren_testkit::layer(&Swish { beta: 1.5 }, &[shape]);
    }
    tanren_testkit::round_trip::<dyn Layer>(&Swish::default().into());
}

/// A recipe as a user writes it: the layer by its bare name.
const RECIPE: &str = r#"{
    "seed": 7,
    "data": { "source": "iris", "split": "random", "inputs": ["standardize"] },
    "network": {
        "layers": [
            { "type": "dense", "units": 16 },
            "acme/swish",
            { "type": "dense", "units": 3 }
        ],
        "loss": "cross-entropy"
    },
    "training": {
        "epochs": 40,
        "updaters": ["adam"],
        "search": { "type": "learning-rate", "rate": { "type": "constant", "value": 0.02 } }
    }
}"#;

#[test]
fn trains_from_json() {
    let recipe: Recipe = serde_json::from_str(RECIPE).unwrap();
    let setup = recipe.prepare().unwrap();
    let trained = setup.train(&mut (), &Options::default()).unwrap();
    assert!(trained.test.unwrap().accuracy() > Some(0.85));
    let block = trained.model.network().layout().find("acme/swish-1", "beta").unwrap();
    let beta = trained.model.parameters().to::<f64>()[block.range.start];
    assert!((beta - 1.0).abs() > 1e-3, "β was learned: {beta}");
}

/// A program built beside this test: the stock binary, or the example with the layer linked in.
fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().parent().unwrap().join(name)
}

fn run(program: &Path, folder: &Path, args: &[&str]) -> Output {
    Command::new(program).current_dir(folder).args(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Trained in one process, used in another; without the layer, the model says what it needs.
#[test]
fn a_three_line_binary_has_the_whole_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let acme = program("examples/acme-tanren");
    fs::write(folder.path().join("recipe.json"), RECIPE).unwrap();
    let out = run(&acme, folder.path(), &["train", "recipe.json", "--out", "run", "--json"]);
    assert!(out.status.success(), "{}", text(&out.stderr));
    let trained: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let model = "run/model.safetensors";

    let out = run(&acme, folder.path(), &["eval", model, "--data", "iris", "--json"]);
    assert!(out.status.success(), "{}", text(&out.stderr));
    let scored: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(scored["test"], trained["test"]);

    let stock = program("tanren");
    if !stock.exists() {
        eprintln!("skipped: the stock program is not built (cargo build -p tanren-cli)");
        return;
    }
    let out = run(&stock, folder.path(), &["eval", model, "--data", "iris"]);
    assert_eq!(out.status.code(), Some(6));
    assert!(text(&out.stderr).contains("acme/swish"), "{}", text(&out.stderr));
    let out = run(&stock, folder.path(), &["inspect", model]);
    assert!(out.status.success(), "{}", text(&out.stderr));
    assert!(text(&out.stdout).contains("acme/swish"), "{}", text(&out.stdout));
}
