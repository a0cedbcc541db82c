//! No command overwrites what it reads, a model or a file of a run, under whatever name and however it
//! is asked; nor any other file without `--force`.
#![cfg(unix)] // where links are made without further rights

use crate::harness::{Place, text};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A command that writes to what its last option names, and the files it reads.
struct Writer {
    verb: &'static str,
    line: &'static str,
    option: &'static str,
    inputs: &'static [&'static str],
}

/// A verb with an option that names a file or a folder to write has at least one line here.
const WRITERS: &[Writer] = &[
    Writer { verb: "predict", line: "run", option: "--output", inputs: &["data.csv"] },
    Writer {
        verb: "predict",
        line: "run --data new.csv",
        option: "--output",
        inputs: &["data.csv", "new.csv"],
    },
    Writer {
        verb: "predict",
        line: "run/model.safetensors --data new.csv",
        option: "--output",
        inputs: &["data.csv", "new.csv"],
    },
    Writer { verb: "eval", line: "run", option: "--predictions", inputs: &["data.csv"] },
    Writer {
        verb: "eval",
        line: "run --data new.csv --most-wrong",
        option: "--predictions",
        inputs: &["data.csv", "new.csv"],
    },
    Writer {
        verb: "init",
        line: "data.csv --target y --test new.csv --format toml",
        option: "--output",
        inputs: &["data.csv", "new.csv"],
    },
    Writer {
        verb: "sweep",
        line: "data.csv --target y --test new.csv --format toml --updates 2 --quiet",
        option: "--output",
        inputs: &["data.csv", "new.csv"],
    },
    Writer {
        verb: "sweep",
        line: "my.toml --format toml --updates 2 --quiet",
        option: "--output",
        inputs: &["my.toml", "data.csv"],
    },
    Writer {
        verb: "render",
        line: "my.toml --format toml",
        option: "--output",
        inputs: &["my.toml", "data.csv"],
    },
    Writer {
        verb: "render",
        line: "run/recipe.toml --format toml",
        option: "--output",
        inputs: &["data.csv"],
    },
    Writer { verb: "train", line: "data.csv --target y", option: "--out", inputs: &["data.csv"] },
    Writer { verb: "train", line: "my.toml", option: "--out", inputs: &["my.toml", "data.csv"] },
];

/// What no command may overwrite, whether it reads it or not.
const SACRED: &[&str] = &[
    "other/recipe.toml",
    "other/split.csv",
    "other/metrics.jsonl",
    "other/model.safetensors",
    "other/checkpoints/last.safetensors",
    "run/recipe.toml",
    "run/split.csv",
    "run/metrics.jsonl",
    "run/model.safetensors",
    "run/checkpoints/last.safetensors",
    "copy.bin",
];

/// Files that are nothing to anyone, but exist.
const STRANGERS: &[&str] = &["notes.txt"];

fn place() -> Place {
    let place = Place::new();
    let rows = |n: usize| (0..n).map(|i| format!("{},{},{}\n", i % 7, i % 5, i % 2));
    place.write("data.csv", &format!("a,b,y\n{}", rows(60).collect::<String>()));
    place.write("new.csv", &format!("a,b,y\n{}", rows(20).collect::<String>()));
    place.write("notes.txt", "mine\n");
    for run in ["run", "other"] {
        place.json(&format!("train data.csv --target y --epochs 1 --out {run} --json"));
    }
    fs::copy(place.path("run/recipe.toml"), place.path("my.toml")).unwrap();
    // A model under a name that says nothing.
    fs::copy(place.path("run/model.safetensors"), place.path("copy.bin")).unwrap();
    fs::create_dir(place.path("aside")).unwrap();
    place
}

/// Every file below a folder, links as what they lead to, with its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

/// The file under each kind of name, made for the moment.
fn under_each_name(place: &Place, file: &str, work: &mut dyn FnMut(&str)) {
    work(file);
    work(&format!("aside/../{file}"));
    work(&place.path(file).display().to_string());
    std::os::unix::fs::symlink(place.path(file), place.path("link.toml")).unwrap();
    work("link.toml");
    fs::remove_file(place.path("link.toml")).unwrap();
    fs::hard_link(place.path(file), place.path("aside/hard.toml")).unwrap();
    work("aside/hard.toml");
    fs::remove_file(place.path("aside/hard.toml")).unwrap();
}

/// A command is refused with a message, and no byte has changed.
fn refused(place: &Place, line: &str) {
    let before = contents(&place.path(""));
    let output = place.tanren(line);
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{line}: {message}");
    let says = ["would overwrite", "--force", "hard links", "contains a run", "found a f"];
    assert!(says.iter().any(|word| message.contains(word)), "{line}: {message}");
    assert!(!message.contains("panic"), "{line}: {message}");
    assert!(before == contents(&place.path("")), "{line}: a file changed");
}

#[test]
fn no_command_destroys_what_it_is_given() {
    let place = place();
    for Writer { verb, line, option, inputs } in WRITERS {
        let forces = *option != "--out";
        for &file in inputs.iter().chain(SACRED) {
            under_each_name(&place, file, &mut |name| {
                refused(&place, &format!("{verb} {line} {option} {name}"));
                if forces {
                    refused(&place, &format!("{verb} {line} {option} {name} --force"));
                }
            });
        }
        for &file in STRANGERS {
            under_each_name(&place, file, &mut |name| {
                refused(&place, &format!("{verb} {line} {option} {name}"));
            });
        }
        // The folder of a run, and one of its files that does not exist yet.
        refused(&place, &format!("{verb} {line} {option} run"));
    }
    fs::remove_file(place.path("other/model.safetensors")).unwrap();
    place.fails("predict run --output other/model.safetensors --force", 2, &["other", "writes"]);
}

#[test]
fn a_folder_is_not_taken_for_a_run_where_it_holds_a_file_of_that_name() {
    let place = Place::new();
    for file in ["split.csv", "model.safetensors", "metrics.jsonl", "recipe.toml"] {
        let folder = file.split('.').next().unwrap();
        fs::create_dir(place.path(folder)).unwrap();
        place.write(&format!("{folder}/{file}"), "mine");
        place.fails(&format!("train iris --epochs 1 --out {folder}"), 2, &[folder]);
        assert_eq!(place.read(&format!("{folder}/{file}")), "mine");
        assert_eq!(fs::read_dir(place.path(folder)).unwrap().count(), 1);
    }
}

#[test]
fn what_is_new_or_forced_is_written() {
    let place = place();
    let table = place.prints("predict run --data new.csv");
    assert_eq!(place.prints("predict run --data new.csv --output -"), table);
    assert_eq!(place.prints("predict run --data new.csv --output p.csv"), "");
    assert_eq!(place.read("p.csv"), table);
    assert_eq!(place.prints("predict run --data new.csv --output notes.txt --force"), "");
    assert_eq!(place.read("notes.txt"), table);
    let recipe = place.prints("render my.toml --output -");
    assert_eq!(place.prints("render my.toml --output old.toml"), "");
    assert_eq!(place.prints("render my.toml --output old.toml --force"), "");
    assert_eq!(place.read("old.toml"), recipe);
    let made = place.prints("init data.csv --target y --output -");
    assert_eq!(place.prints("init data.csv --target y --output old.toml --force"), "");
    assert_eq!(place.read("old.toml"), made);
    assert!(!place.path("-").exists());
    // What else lies in the folder of a run is the user's.
    for file in ["run/my.csv", "run/checkpoints/my.csv"] {
        place.write(file, "mine\n");
        place.fails(
            &format!("predict run --output {file}"),
            2,
            &[file, "already exists", "--force"],
        );
        assert_eq!(
            place.prints(&format!("predict run --data new.csv --output {file} --force")),
            ""
        );
        assert_eq!(place.read(file), table);
    }
}

/// A link that leads to an ordinary file stays a link.
#[test]
fn a_forced_link_is_followed() {
    let place = place();
    std::os::unix::fs::symlink("notes.txt", place.path("link")).unwrap();
    place.prints("predict run --data new.csv --output link --force");
    assert!(place.path("link").is_symlink());
    assert!(place.read("notes.txt").starts_with("prediction"));
}

/// Who adds an option that names something to write adds a line to `WRITERS`.
#[test]
fn every_option_that_writes_is_tried() {
    let place = Place::new();
    let help = place.prints("--help");
    let verbs = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let verbs: Vec<_> = verbs.map_while(|line| line.split_whitespace().next()).collect();
    assert!(verbs.contains(&"train") && verbs.contains(&"inspect"), "{help}");
    let mut found = BTreeSet::new();
    for verb in verbs.into_iter().filter(|verb| *verb != "help") {
        let help = place.prints(&format!("{verb} --help"));
        for line in help.lines().map(str::trim_start) {
            let option = line.split_whitespace().find(|word| word.starts_with("--"));
            let writes = line.contains("<FILE>") || line.contains("<DIR>");
            if let Some(option) = option.filter(|_| writes && line.starts_with('-')) {
                found.insert((verb.to_owned(), option.to_owned()));
            }
        }
    }
    let tried: BTreeSet<_> =
        WRITERS.iter().map(|w| (w.verb.to_owned(), w.option.to_owned())).collect();
    assert_eq!(found, tried);
}
