//! Files that are no recipes are refused.

use crate::harness::Place;
use std::fs;

/// A text, its file, and what is said of it.
#[test]
fn hostile_files_are_refused() {
    let place = Place::new();
    let deep = 200_000;
    let nesting = "nested too deeply: expected at most 64 levels";
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
        ("a.json", "[".repeat(deep), "the text ends inside a list"),
        ("b.json", format!("{}{}", "[".repeat(deep), "]".repeat(deep)), nesting),
        ("c.json", format!("{}1{}", "{\"a\":".repeat(deep), "}".repeat(deep)), nesting),
        ("a.yaml", "[".repeat(deep), nesting),
        ("b.yaml", format!("a: {}", "{ a: ".repeat(deep)), nesting),
        ("c.yml", "- ".repeat(deep), nesting),
        ("d.yaml", format!("a: &a [x,x,x,x,x,x,x,x,x]\n{aliases}"), "aliases"),
        ("e.yaml", "a: 1\n---\nb: 2\n".into(), "e.yaml:3:1: expected one YAML document"),
        ("f.yaml", "seed: 1\nseed: 2\n".into(), "f.yaml:2:1: seed is set twice"),
        ("d.json", "{\"seed\": 1,\n \"seed\": 2}".into(), "d.json:2:2: seed is set twice"),
        ("d.toml", "seed = 1\nseed = 2\n".into(), "d.toml:2:1: duplicate key"),
        ("e.toml", "seed = \n".into(), "e.toml:1:8"),
        ("e.json", "{\"data\": [".into(), "e.json:1:10: the text ends inside"),
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
    place.fails(
        "render run/model.safetensors",
        2,
        &["expected a recipe, a file that ends in .toml"],
    );
    place.fails("render nowhere.yaml", 2, &["nowhere.yaml"]);
}
