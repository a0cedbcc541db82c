//! Recipes in every format: what is wrong and where, `--set`, `init` and `render`.

use crate::harness::{Place, text};
use std::fs;

const FORMATS: [&str; 3] = ["toml", "json", "yaml"];

/// A recipe in few words: what is not here is a default.
const RECIPE: &str = r#"
[data]
source = "iris"
split = "random"
inputs = ["standardize"]

[network]
layers = [
  { type = "dense", units = 32, activation = "relu", init = "he-normal" },
  { type = "dense", units = 3 },
]
loss = "cross-entropy"
penalties = ["l2"]

[training]
epochs = 100
batch = 16
updaters = ["adam"]
search = { type = "learning-rate", rate = { type = "step", value = 0.01, every = 50 } }
stopping = ["patience"]
"#;

/// The recipe in every format with all its defaults, as `good.toml` and so on.
fn place() -> Place {
    let place = Place::new();
    place.write("short.toml", RECIPE);
    for format in FORMATS {
        let output = place.tanren(&format!("render short.toml --output good.{format}"));
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(output.stdout.is_empty() && output.stderr.is_empty());
    }
    place
}

/// What a call prints when all goes well.
fn prints(place: &Place, line: &str) -> String {
    let output = place.tanren(line);
    assert!(output.status.success(), "{line}: {}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "", "{line}");
    text(&output.stdout)
}

/// A change of the TOML recipe, as the other formats write it.
fn in_format(format: &str, line: &str) -> String {
    let Some((key, value)) = line.split_once(" = ") else { return line.to_owned() };
    match format {
        "json" => format!("\"{key}\": {value}"),
        "yaml" => format!("{key}: {}", value.trim_matches('"')),
        _ => line.to_owned(),
    }
}

/// Line and column of a text, both from 1.
fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = &text[..byte];
    (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap().chars().count() + 1)
}

/// What is right, what stands there instead, whether the key is at fault (else the value), the
/// path, and the message.
const MISTAKES: &[(&str, &str, bool, &str, &str)] = &[
    (
        "epochs = 100",
        "epoch = 100",
        true,
        "training",
        "unknown setting \"epoch\"; did you mean \"epochs\"? (known: epochs, batch, ",
    ),
    (
        "beta1 = 0.9",
        "beta7 = 0.9",
        true,
        "training.updaters[0]",
        "unknown setting \"beta7\"; did you mean \"beta",
    ),
    (
        "type = \"adam\"",
        "type = \"adamm\"",
        false,
        "training.updaters[0]",
        "unknown updater \"adamm\"; did you mean \"adam\"? (known: adam, ",
    ),
    (
        "loss = \"cross-entropy\"",
        "loss = \"crossentropy\"",
        false,
        "network.loss",
        "unknown loss \"crossentropy\"; did you mean \"cross-entropy\"?",
    ),
    (
        "activation = \"relu\"",
        "activation = \"rleu\"",
        false,
        "network.layers[0].activation",
        "unknown activation \"rleu\"; did you mean \"relu\"?",
    ),
    (
        "unit = \"epochs\"",
        "unit = \"epoch\"",
        false,
        "training.search.rate.unit",
        "unknown value \"epoch\"; did you mean \"epochs\"?",
    ),
    (
        "keep = \"best\"",
        "keep = \"first\"",
        false,
        "training.keep",
        "unknown value \"first\" (known: best, last)",
    ),
    (
        "beta1 = 0.9",
        "beta1 = \"x\"",
        false,
        "training.updaters[0].beta1",
        "expected a number, found \"x\"",
    ),
    (
        "units = 32",
        "units = \"x\"",
        false,
        "network.layers[0].units",
        "expected a whole number from 0 on, found \"x\"",
    ),
    (
        "units = 32",
        "units = 1.5",
        false,
        "network.layers[0].units",
        "expected a whole number from 0 on, found 1.5",
    ),
    (
        "batch = 16",
        "batch = -1",
        false,
        "training.batch",
        "expected a whole number from 0 on, found -1",
    ),
    ("bias = true", "bias = 1", false, "network.layers[0].bias", "expected true or false, found 1"),
    ("inputs = [\"standardize\"]", "inputs = 3", false, "data.inputs", "expected a list, found 3"),
    (
        "source = \"iris\"",
        "source = 3",
        false,
        "data.source",
        "expected a plugin: its name, or a table with its `type` and settings, found 3",
    ),
    // Ranges of plugins, found when they are read.
    (
        "beta1 = 0.9",
        "beta1 = 1.5",
        false,
        "training.updaters[0].beta1",
        "expected a number from 0 to below 1, found 1.5",
    ),
    ("units = 32", "units = 0", false, "network.layers[0].units", "expected at least 1, found 0"),
    (
        "every = 50",
        "every = 0",
        false,
        "training.search.rate.every",
        "expected at least 1, found 0",
    ),
    (
        "value = 0.01",
        "value = 0",
        false,
        "training.search.rate.value",
        "expected a finite number above 0, found 0.0",
    ),
    (
        "test = 0.2",
        "test = 1",
        false,
        "data.split.test",
        "expected a number from 0 to below 1, found 1.0",
    ),
    // What is found only when the recipe is prepared.
    ("format = 1", "format = 2", false, "format", "expected 1, found 2"),
    ("batch = 16", "batch = 0", false, "training.batch", "expected at least 1, found 0"),
    (
        "loss = \"cross-entropy\"",
        "losses = []",
        false,
        "network.loss",
        "expected a loss to minimise, found none",
    ),
];

#[test]
fn every_mistake_has_its_place_in_every_format() {
    let place = place();
    for format in FORMATS {
        let file = format!("good.{format}");
        let good = place.read(&file);
        // The comment talks of these things as well.
        let start = good.find("\n\n").map_or(0, |end| end + 2);
        for &(right, wrong, key, path, message) in MISTAKES {
            let (right, wrong) = (in_format(format, right), in_format(format, wrong));
            let (right, wrong) = (right.as_str(), wrong.as_str());
            // Lists of bare names have no quotes in YAML.
            let right = if format == "yaml" { right.replace('"', "") } else { right.to_owned() };
            let at = good[start..].find(&right).unwrap_or_else(|| panic!("{right} in {good}"));
            let at = start + at;
            let bad = format!("{}{wrong}{}", &good[..at], &good[at + right.len()..]);
            place.write(&format!("bad.{format}"), &bad);
            let output = place.tanren(&format!("train bad.{format} --out bad"));
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{said}");
            let value = wrong.find([':', '=']).unwrap() + 2;
            let (line, column) = position(&bad, if key { at } else { at + value });
            let begin = match path {
                // A setting that is absent is missing in the table around it.
                "network.loss" if wrong.contains("losses") => format!("error: bad.{format}:"),
                _ => format!("error: bad.{format}:{line}:{column}: {path}: {message}"),
            };
            assert!(said.starts_with(&begin), "expected {begin}\n   found {said}");
            assert!(said.contains(&format!("{path}: {message}")), "{said}");
            assert_eq!(said.lines().count(), 1, "{said}");
            for jargon in ["variant", "invalid type", "f64", "usize", "struct", "sequence"] {
                assert!(!said.contains(jargon), "{jargon}: {said}");
            }
            assert!(!place.path("bad").exists());
        }
    }
}

#[test]
fn what_is_missing_is_named() {
    let place = place();
    for format in FORMATS {
        let good = place.read(&format!("good.{format}"));
        let lines = |word: &str| {
            let key = |line: &&str| line.trim_start().trim_start_matches('"').starts_with(word);
            good.lines()
                .filter(|line| !key(line))
                .map(|line| format!("{line}\n"))
                .collect::<String>()
        };
        place.write(&format!("bad.{format}"), &lines("source"));
        place.fails(&format!("train bad.{format}"), 2, &["missing: data.source"]);
        let units = in_format(format, "units = 32");
        let bad = good.replacen(&format!("{units}, "), "", 1);
        let bad = bad.replacen(&format!("        {units},\n"), "", 1);
        assert_ne!(bad, good);
        place.write(&format!("bad.{format}"), &bad);
        let line = format!(
            "bad.{format}:{}:",
            position(&good, good.find(&units).unwrap()).0 - usize::from(format == "json") * 2
        );
        place.fails(
            &format!("train bad.{format}"),
            2,
            &["missing: network.layers[0].units", &line],
        );
    }
}

/// Shapes are checked when the data are known; the layer that does not fit is in the file.
#[test]
fn shapes_are_found_in_the_file() {
    let place = place();
    for format in FORMATS {
        let good = place.read(&format!("good.{format}"));
        let bad =
            good.replacen(&in_format(format, "units = 3,"), &in_format(format, "units = 4,"), 1);
        assert_ne!(bad, good);
        place.write(&format!("bad.{format}"), &bad);
        let at = bad.find(&in_format(format, "units = 4")).unwrap();
        let table = bad[..at].rfind('{').unwrap();
        let (line, column) = position(&bad, table);
        let begin =
            format!("bad.{format}:{line}:{column}: network.layers[1]: node dense-2: expected 3");
        place.fails(&format!("train bad.{format}"), 2, &[&begin]);
    }
}

/// A text, its file, and what is said of it.
#[test]
fn hostile_files_are_refused() {
    let place = Place::new();
    let deep = 200_000;
    let nesting = "at most 64 tables and lists inside each other";
    let aliases: String = ('b'..'k')
        .map(|c| {
            let before = char::from(c as u8 - 1);
            format!("{c}: &{c} [{}]\n", vec![format!("*{before}"); 9].join(","))
        })
        .collect();
    let texts: &[(&str, String, &str)] = &[
        ("a.toml", format!("a = {}", "[".repeat(deep)), nesting),
        ("b.toml", format!("a = {}", "{ a = ".repeat(deep)), nesting),
        ("c.toml", format!("[{}a]", "a.".repeat(deep)), nesting),
        ("a.json", "[".repeat(deep), "it ends inside a list"),
        ("b.json", format!("{}{}", "[".repeat(deep), "]".repeat(deep)), nesting),
        ("c.json", format!("{}1{}", "{\"a\":".repeat(deep), "}".repeat(deep)), nesting),
        ("a.yaml", "[".repeat(deep), nesting),
        ("b.yaml", format!("a: {}", "{ a: ".repeat(deep)), nesting),
        ("c.yml", "- ".repeat(deep), nesting),
        ("d.yaml", format!("a: &a [x,x,x,x,x,x,x,x,x]\n{aliases}"), "aliases"),
        ("e.yaml", "a: 1\n---\nb: 2\n".into(), "e.yaml:3:1: expected one document"),
        ("f.yaml", "seed: 1\nseed: 2\n".into(), "f.yaml:2:1: seed is said twice"),
        ("d.json", "{\"seed\": 1,\n \"seed\": 2}".into(), "d.json:2:2: seed is said twice"),
        ("d.toml", "seed = 1\nseed = 2\n".into(), "d.toml:2:1: duplicate key"),
        ("e.toml", "seed = \n".into(), "e.toml:1:8"),
        ("e.json", "{\"data\": [".into(), "e.json:1:10: it ends inside"),
        ("g.yaml", "data:\n\tsource: iris\n".into(), "g.yaml:2:2: tabs"),
        ("f.toml", String::new(), "f.toml: it is empty"),
        ("f.json", " \n".into(), "f.json: it is empty"),
        ("h.yaml", "\u{feff}".into(), "h.yaml: it is empty"),
        ("i.yaml", "hello\n".into(), "i.yaml:1:1: expected a table, found \"hello\""),
        ("g.json", "[1, 2]".into(), "g.json:1:1: expected a table, found a list"),
        ("j.yaml", "seed: .nan\n".into(), "j.yaml:1:7: seed: expected a whole number"),
        ("g.toml", "seed = 9223372036854775808\n".into(), "g.toml:1:8: expected at most"),
        ("h.json", "{\"seed\": 18446744073709551616}".into(), "expected a smaller whole number"),
        ("h.toml", "#".repeat((4 << 20) + 1), "expected at most 4 MiB"),
    ];
    for (file, text, message) in texts {
        place.write(file, text);
        for verb in ["render", "train"] {
            place.fails(&format!("{verb} {file}"), 2, &[message, file]);
        }
    }
    fs::write(place.path("bytes.toml"), b"seed = 1\n\xff\xfe").unwrap();
    place.fails("render bytes.toml", 2, &["bytes.toml:2: expected text in UTF-8"]);
    fs::create_dir(place.path("folder.toml")).unwrap();
    place.fails("render folder.toml", 2, &["folder.toml: it is a folder"]);
    place.json("train iris --epochs 1 --out run --json");
    fs::copy(place.path("run/model.safetensors"), place.path("model.toml")).unwrap();
    place.fails("render model.toml", 2, &["model.toml: it is a model"]);
    place.fails("render run/model.safetensors", 2, &["expected a recipe, which ends in .toml"]);
    place.fails("render nowhere.yaml", 2, &["nowhere.yaml"]);
}

#[test]
fn rendered_recipes_render_to_themselves() {
    let place = place();
    place.write(
        "short.yml",
        "data: { source: iris, split: random }\nnetwork:\n  layers: [{ type: dense, units: 3 }]\n  \
         loss: cross-entropy\ntraining: { search: learning-rate }\n",
    );
    for from in ["good.toml", "good.json", "good.yaml", "short.yml"] {
        for to in FORMATS {
            let first = prints(&place, &format!("render {from} --format {to}"));
            place.write(&format!("again.{to}"), &first);
            assert_eq!(prints(&place, &format!("render again.{to}")), first);
            assert!(first.contains("bias-init"), "every default is said: {first}");
        }
    }
    // The same recipe, whatever it was written in.
    let json = |from: &str| prints(&place, &format!("render {from} --format json"));
    assert_eq!(json("good.toml"), json("good.yaml"));
    assert_eq!(json("good.toml"), json("good.json"));
}

#[test]
fn init_says_why_and_never_overwrites() {
    let place = place();
    for format in ["toml", "yaml"] {
        assert_eq!(prints(&place, &format!("init iris --output auto.{format}")), "");
        let words = place.read(&format!("auto.{format}"));
        assert!(words.starts_with("# Written by tanren"), "{words}");
        assert!(words.contains("#   loss:     cross-entropy: the target is a class"), "{words}");
        assert_eq!(prints(&place, &format!("init iris --format {format}")), words);
        assert_eq!(prints(&place, &format!("render auto.{format}")), words);
    }
    assert!(!prints(&place, "init iris --format json").contains('#'));
    let before = place.read("good.yaml");
    place.fails("init digits --output good.yaml", 2, &["good.yaml is there already", "--force"]);
    place.fails("render good.toml --output good.yaml", 2, &["--force"]);
    assert_eq!(place.read("good.yaml"), before);
    assert_eq!(prints(&place, "init digits --output good.yaml --force"), "");
    assert!(place.read("good.yaml").contains("source: digits"));
    place.fails("init good.toml", 2, &["is a recipe already", "render good.toml"]);
    place.fails("init iris --output x.txt", 2, &["x.txt", ".yaml"]);
    assert_eq!(prints(&place, "init iris --output x.txt --format json"), "");
    place.fails("init nothing", 2, &["nothing"]);
    place.fails("init iris --output none/r.toml", 1, &["none/r.toml"]);
}

/// The recipe that `init` writes is the one `train` follows; a recipe is the same in every format.
#[test]
fn all_formats_train_alike() {
    let place = place();
    let model = |line: &str, run: &str| {
        place.json(&format!("train {line} --epochs 2 --out {run} --json"));
        place.bytes(&format!("{run}/model.safetensors"))
    };
    prints(&place, "init iris --output auto.yml");
    assert!(model("iris", "data") == model("auto.yml", "auto"));
    let toml = model("good.toml", "toml");
    assert!(toml == model("good.json", "json") && toml == model("good.yaml", "yaml"));
    assert!(toml == model("short.toml", "short"));
}

#[test]
fn set_changes_a_setting() {
    let place = place();
    place.write("nested.toml", &place.read("good.toml").replace("\"relu\"", "\"leaky-relu\""));
    for (sets, line) in [
        ("network.layers.0.units=128", "units = 128"),
        ("network.layers[0].units=128", "units = 128"),
        ("training.search.rate.value=0.003", "value = 0.003"),
        ("training.search.rate.value=1e-300", "value = 1e-300"),
        ("training.updaters.0=momentum", "updaters = [{ type = \"momentum\", momentum = 0.9 }]"),
        ("training.updaters.1=none", "epsilon = 1e-8 }, \"none\"]"),
        ("training.updaters=[]", "updaters = []"),
        ("network.layers.0.activation.slope=0.5", "{ type = \"leaky-relu\", slope = 0.5 }"),
        (
            "training.search.rate.type=constant --set training.search.rate.value=2",
            "rate = { type = \"constant\", value = 2.0 }",
        ),
        (
            "training.search.rate=constant --set training.search.rate.value=2",
            "rate = { type = \"constant\", value = 2.0 }",
        ),
        ("network.penalties.1=l1", "{ type = \"l1\", strength = 0.0001 }"),
        (
            "network.penalties.1=l1 --set network.penalties.1.strength=7",
            "{ type = \"l1\", strength = 7.0 }",
        ),
        ("training.direction=steepest", "direction = \"steepest\""),
        ("network.layers.0.bias=false", "bias = false"),
        ("training.keep=last", "keep = \"last\""),
    ] {
        let said = prints(&place, &format!("render nested.toml --set {sets}"));
        assert!(said.contains(line), "{sets}: {said}");
        place.write("set.toml", &said);
        assert_eq!(prints(&place, "render set.toml"), said);
    }
    let made = prints(&place, "init iris --set training.epochs=3 --set data.split.test=0.5");
    assert!(made.contains("epochs = 3") && made.contains("test = 0.5"), "{made}");
    assert!(made.contains("#   set:      training.epochs=3: as you said"), "{made}");
    let result = place.json("train good.yaml --set training.epochs=3 --out run --json");
    assert_eq!(result["epochs"], 3);
    assert!(place.read("run/recipe.toml").contains("epochs = 3"));
}

#[test]
fn a_wrong_set_is_named() {
    let place = place();
    for (set, message) in [
        (
            "trainin.epochs=3",
            "unknown setting \"trainin\"; did you mean \"training\"? (known: format, ",
        ),
        (
            "training.serach.rate.value=1",
            "training: unknown setting \"serach\"; did you mean \"search\"?",
        ),
        (
            "training.updaters.0.beta3=1",
            "training.updaters[0]: unknown setting \"beta3\"; did you mean",
        ),
        (
            "training.updaters.0.beta1=1.5",
            "training.updaters[0].beta1: expected a number from 0 to below 1, found 1.5",
        ),
        (
            "training.updaters.2=none",
            "training.updaters: expected an index of this list of 1, 0 to 1",
        ),
        ("training.updaters.first=none", "found \"first\""),
        (
            "training.updaters.0=adamm",
            "training.updaters[0]: unknown updater \"adamm\"; did you mean \"adam\"?",
        ),
        (
            "training.epochs=ten",
            "training.epochs: expected a whole number from 0 on, found \"ten\"",
        ),
        (
            "training.epochs.x=3",
            "training.epochs: expected a table with a setting \"x\", found a number",
        ),
        ("training.batch=0", "training.batch: expected at least 1, found 0"),
        ("training.search.rate=step", "missing: training.search.rate.value"),
        ("network.layers.1.units=4", "network.layers[1]: node dense-2: expected 3 features"),
        ("data.source.categories=[\"zip\"]", "data.source: unknown setting \"categories\""),
        ("seed=99999999999999999999", "seed: expected a smaller whole number"),
    ] {
        let shown = format!("--set {set}: ");
        for what in ["good.toml", "good.json", "iris"] {
            place.fails(&format!("train {what} --set {set}"), 2, &[&shown, message]);
        }
    }
    let deep = format!("{}a=1", "a.".repeat(30_000));
    for set in ["seed", "=3", ".=3", "a..b=1", &deep] {
        place.fails(&format!("render good.toml --set {set}"), 2, &["expected KEY=VALUE"]);
    }
    place.fails("render good.toml --set seed=18446744073709551615", 2, &["seed", "TOML"]);
    let json = prints(&place, "render good.toml --format json --set seed=18446744073709551615");
    assert!(json.contains("\"seed\": 18446744073709551615"), "{json}");
    assert!(!place.path("runs").exists(), "nothing was begun");
}
