//! Mistakes in recipes: each has its place, whatever the format.

use crate::harness::{FORMATS, Place, text};

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
        "unknown updater \"adamm\"; did you mean \"adam\"? (known: adabelief, adadelta, ",
    ),
    (
        "type = \"cross-entropy\"",
        "type = \"crossentropy\"",
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
        "beta2 = 0.999",
        "beta2 = \"x\"",
        false,
        "training.updaters[0].beta2",
        "expected a number, found \"x\"",
    ),
    (
        "units = 32",
        "units = \"x\"",
        false,
        "network.layers[0].units",
        "expected a whole number, 0 or more, found \"x\"",
    ),
    (
        "units = 32",
        "units = 1.5",
        false,
        "network.layers[0].units",
        "expected a whole number, 0 or more, found 1.5",
    ),
    (
        "batch = 16",
        "batch = -1",
        false,
        "training.batch",
        "expected a whole number, 0 or more, found -1",
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
];

#[test]
fn every_mistake_has_its_place_in_every_format() {
    let place = Place::with_recipes();
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
            let begin = format!("error: bad.{format}:{line}:{column}: {path}: {message}");
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
fn a_loss_that_is_missing_is_named() {
    let place = Place::with_recipes();
    let good = place.read("short.toml");
    place.write("bad.toml", &good.replace("loss = \"cross-entropy\"", "losses = []"));
    let message = "network.loss: expected a loss to minimise, found none";
    place.fails("train bad.toml --out bad", 2, &["error: bad.toml:", message]);
}

#[test]
fn what_is_missing_is_named() {
    let place = Place::with_recipes();
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
    let place = Place::with_recipes();
    for format in FORMATS {
        let good = place.read(&format!("good.{format}"));
        let bad =
            good.replacen(&in_format(format, "units = 3,"), &in_format(format, "units = 4,"), 1);
        assert_ne!(bad, good);
        place.write(&format!("bad.{format}"), &bad);
        let at = bad.find(&in_format(format, "units = 4")).unwrap();
        let table = bad[..at].rfind('{').unwrap();
        let (line, column) = position(&bad, table);
        let begin = format!(
            "bad.{format}:{line}:{column}: network.layers[1]: node dense-2, loss cross-entropy: expected 3"
        );
        place.fails(&format!("train bad.{format}"), 2, &[&begin]);
    }
}
