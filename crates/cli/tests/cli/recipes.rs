//! `init` and `render`: the same recipe in every format.

use crate::harness::{FORMATS, Place};

#[test]
fn rendered_recipes_render_to_themselves() {
    let place = Place::with_recipes();
    place.write(
        "short.yml",
        "data: { source: iris, split: random }\nnetwork:\n  layers: [{ type: dense, units: 3 }]\n  \
         loss: cross-entropy\ntraining: { search: learning-rate }\n",
    );
    for from in ["good.toml", "good.json", "good.yaml", "short.yml"] {
        for to in FORMATS {
            let first = place.prints(&format!("render {from} --format {to}"));
            place.write(&format!("again.{to}"), &first);
            assert_eq!(place.prints(&format!("render again.{to}")), first);
            assert!(first.contains("bias-init"), "every default is said: {first}");
        }
    }
    // The same recipe, whatever it was written in.
    let json = |from: &str| place.prints(&format!("render {from} --format json"));
    assert_eq!(json("good.toml"), json("good.yaml"));
    assert_eq!(json("good.toml"), json("good.json"));
}

#[test]
fn init_says_why_and_never_overwrites() {
    let place = Place::with_recipes();
    for format in ["toml", "yaml"] {
        assert_eq!(place.prints(&format!("init iris --output auto.{format}")), "");
        let words = place.read(&format!("auto.{format}"));
        assert!(words.starts_with("# Written by tanren"), "{words}");
        assert!(
            words.contains("#   loss:          cross-entropy (the target is a class)"),
            "{words}"
        );
        assert_eq!(place.prints(&format!("init iris --format {format}")), words);
        assert_eq!(place.prints(&format!("render auto.{format}")), words);
    }
    assert!(!place.prints("init iris --format json").contains('#'));
    let before = place.read("good.yaml");
    place.fails("init digits --output good.yaml", 2, &["good.yaml already exists", "--force"]);
    place.fails("render good.toml --output good.yaml", 2, &["--force"]);
    assert_eq!(place.read("good.yaml"), before);
    assert_eq!(place.prints("init digits --output good.yaml --force"), "");
    assert!(place.read("good.yaml").contains("source: digits"));
    place.fails("init good.toml", 2, &["is already a recipe", "render good.toml"]);
    place.fails("init iris --output x.txt", 2, &["x.txt", ".yaml"]);
    assert_eq!(place.prints("init iris --output x.txt --format json"), "");
    place.fails("init nothing", 2, &["nothing"]);
    place.fails("init iris --output none/r.toml", 1, &["none/r.toml"]);
}

/// The recipe that `init` writes is the one `train` follows; a recipe is the same in every format.
#[test]
fn all_formats_train_alike() {
    let place = Place::with_recipes();
    let model = |line: &str, run: &str| {
        place.json(&format!("train {line} --epochs 2 --out {run} --json"));
        place.bytes(&format!("{run}/model.safetensors"))
    };
    place.prints("init iris --output auto.yml");
    assert!(model("iris", "data") == model("auto.yml", "auto"));
    let toml = model("good.toml", "toml");
    assert!(toml == model("good.json", "json") && toml == model("good.yaml", "yaml"));
    assert!(toml == model("short.toml", "short"));
}

#[test]
fn shells_complete_and_pages_are_printed() {
    let place = Place::new();
    for (shell, word) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef tanren"),
        ("fish", "complete -c tanren"),
        ("elvish", "edit:completion"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let script = place.prints(&format!("completions {shell}"));
        assert!(script.contains(word) && script.contains("data-changed"), "{shell}");
    }
    let page = place.prints("completions man");
    assert!(page.starts_with(".ie") || page.contains(".TH tanren 1"), "{page}");
    let page = place.prints("completions man resume");
    assert!(page.contains("data\\-changed") && page.contains("tanren\\-resume"), "{page}");
    place.fails("completions man trian", 2, &["did you mean train?"]);
    place.fails("completions bash train", 2, &["only `man`"]);
}

/// Weights that start at zero are named; the gradient is right.
#[test]
fn check_names_weights_that_start_at_zero() {
    let place = Place::new();
    let zero = "--set network.layers.0.init=zero --set network.layers.1.init=zero";
    let words = ["passed: ", "start at zero: dense-1.weight, dense-2.weight", "init"];
    place.fails_with_result(&format!("check iris {zero}"), 5, &words);
    let output = place.tanren(&format!("check iris {zero} --json"));
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["zeros"], serde_json::json!(["dense-1.weight", "dense-2.weight"]));
    // A single layer may start at zero, and learns.
    let single = "network.layers=[{type=\"dense\",units=3,init=\"zero\"}]";
    assert!(place.tanren(&format!("check iris --set {single}")).status.success());
}
