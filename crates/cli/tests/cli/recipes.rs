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
