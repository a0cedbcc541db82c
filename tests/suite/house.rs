//! The invariants of ARCHITECTURE.md, from the manifests and the sources.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What cargo knows of our packages.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(ROOT)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    serde_json::from_value(metadata["packages"].take()).unwrap()
}

/// Normal dependencies among our crates: package → names.
fn arrows() -> Vec<(String, BTreeSet<String>)> {
    let packages = packages();
    let short = |v: &Value| v.as_str().unwrap().trim_start_matches("tanren-").to_owned();
    let ours: BTreeSet<String> = packages.iter().map(|p| short(&p["name"])).collect();
    packages
        .iter()
        .map(|package| {
            let normal = package["dependencies"].as_array().unwrap().iter();
            let normal = normal.filter(|d| d["kind"].is_null() && !d["path"].is_null());
            let names = normal.map(|d| short(&d["name"])).filter(|name| ours.contains(name));
            (short(&package["name"]), names.collect())
        })
        .collect()
}

/// Who may depend on whom. What is not listed is forbidden.
const HOUSE: &[(&str, &[&str])] = &[
    ("tensor", &[]),
    ("derive", &[]),
    ("plugin", &["derive", "tensor"]),
    ("layers", &["plugin", "tensor"]),
    ("losses", &["plugin", "tensor"]),
    ("updaters", &["plugin", "tensor"]),
    ("optimizers", &["plugin", "tensor"]),
    ("data", &["plugin", "tensor"]),
    ("network", &["plugin", "tensor"]),
    ("trainer", &["network", "plugin", "tensor"]),
    ("testkit", &["plugin", "tensor"]),
    ("acme", &["plugin", "tensor"]),
];
const LIBRARIES: &[&str] = &[
    "data",
    "layers",
    "losses",
    "network",
    "optimizers",
    "plugin",
    "tensor",
    "trainer",
    "updaters",
];

#[test]
fn arrows_point_the_right_way() {
    for (package, dependencies) in arrows() {
        let allowed = match HOUSE.iter().find(|(name, _)| *name == package) {
            Some((_, allowed)) => *allowed,
            None => LIBRARIES, // the facade and the command line may see every library
        };
        for dependency in dependencies {
            assert!(allowed.contains(&dependency.as_str()), "{package} → {dependency}");
        }
    }
}

/// A library without unit tests is not compiled a second time for them; one with them must be.
#[test]
fn no_unit_test_is_left_out() {
    for package in packages() {
        let manifest = Path::new(package["manifest_path"].as_str().unwrap());
        for target in package["targets"].as_array().unwrap() {
            let source = Path::new(target["src_path"].as_str().unwrap());
            if target["kind"][0] == "lib" && target["test"] == false {
                for (path, text) in sources(source.parent().unwrap()) {
                    let tests = text.lines().any(|line| line.trim() == "#[test]");
                    assert!(!tests, "{}: {}", manifest.display(), path.display());
                }
            }
        }
    }
}

/// Every Rust file below a folder, with its text.
pub(crate) fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() && path.file_name().is_none_or(|n| n != "target") {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    assert!(!found.is_empty(), "no sources below {}", folder.display());
    found
}

fn crate_sources() -> Vec<(String, PathBuf, String)> {
    sources(&Path::new(ROOT).join("crates"))
        .into_iter()
        .filter_map(|(path, text)| {
            let inside = path.strip_prefix(ROOT).ok()?.to_string_lossy().into_owned();
            let mut parts = inside.split('/').skip(1);
            let name = parts.next()?.to_owned();
            (parts.next()? == "src" || name == "facade").then_some((name, path, text))
        })
        .collect()
}

/// The part of a file before its unit tests.
pub(crate) fn shipped(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

fn code(text: &str) -> impl Iterator<Item = &str> {
    shipped(text).lines().filter(|line| !line.trim_start().starts_with("//"))
}

fn contains_word(line: &str, word: &str) -> bool {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == word)
}

#[test]
fn unsafe_lives_in_tensor_with_its_reason() {
    for (name, path, text) in crate_sources() {
        if path.ends_with("src/lib.rs") && name != "tensor" {
            assert!(text.contains("#![forbid(unsafe_code)]"), "{}", path.display());
        }
        let lines: Vec<&str> = text.lines().collect();
        for (i, line) in lines.iter().enumerate() {
            let comment = line.trim_start().starts_with("//");
            if !comment && contains_word(line, "unsafe") {
                assert_eq!(name, "tensor", "{}:{}", path.display(), i + 1);
                // What is asked of callers stands in the documentation; that of a trait's function
                // stands at the trait, that of a pointer at what it points to.
                let before = || lines[..i].iter().rev().map(|line| line.trim_start());
                let notes = |line: &&str| line.starts_with("///") || line.starts_with("#[");
                let documented = before().take_while(notes).any(|l| l.contains("# Safety"));
                let implemented = before().find(|l| l.starts_with("impl"));
                let elsewhere =
                    line.contains("unsafe fn(") || implemented.is_some_and(|l| l.contains(" for "));
                let asks = line.contains("unsafe fn") && (documented || elsewhere);
                let above = &lines[i.saturating_sub(6)..i];
                let reason = asks || above.iter().any(|l| l.contains("SAFETY:"));
                assert!(reason, "{}:{}: no reason for unsafe", path.display(), i + 1);
            }
        }
    }
}

/// Tests and examples as well: who reads a test is in need of help already.
#[test]
fn files_are_calm() {
    let folders = ["crates", "tests", "examples"].map(|folder| Path::new(ROOT).join(folder));
    for (path, text) in folders.iter().flat_map(|folder| sources(folder)) {
        let place = path.display();
        assert!(text.starts_with("//!"), "{place}: the first line says what the file is");
        let lines = text.lines().count();
        assert!(lines <= 350, "{place}: {lines} lines");
    }
}

/// Input and output happen where they are expected.
#[test]
fn only_some_crates_do_input_and_output() {
    for (name, path, text) in crate_sources() {
        let files = ["file.rs", "atomic_file.rs"].iter().any(|file| path.ends_with(file));
        let network_file = name == "network" && files;
        if ["data", "cli"].contains(&name.as_str()) || network_file {
            continue;
        }
        for line in code(&text) {
            for word in ["std::fs", "fs::", "std::net", "std::env", "std::process", "println"] {
                assert!(!line.contains(word), "{}: {line}", path.display());
            }
        }
    }
}

/// Randomness is a function of seed, name and clock: a generator lives in one place, on the stack.
#[test]
fn no_generator_is_stored() {
    for (name, path, text) in crate_sources() {
        if name == "tensor" && path.ends_with("stream.rs") {
            continue;
        }
        for line in code(&text) {
            for word in ["ChaCha8Rng", "StdRng", "SmallRng", "ThreadRng", "thread_rng"] {
                assert!(!contains_word(line, word), "{}: {line}", path.display());
            }
        }
    }
}

/// The engines look at facts, never at what a plugin is called.
#[test]
fn engines_do_not_ask_for_names() {
    for (name, path, text) in crate_sources() {
        if !["network", "trainer"].contains(&name.as_str()) {
            continue;
        }
        for line in code(&text).filter(|line| line.contains("typetag_name")) {
            let compared = line.contains("==") || line.contains("match ") || line.contains("!=");
            let numbering = line.contains("other.typetag_name() == kind"); // dense-1, dense-2 …
            assert!(!compared || numbering, "{}: {line}", path.display());
        }
        assert!(!text.contains("dyn Any"), "{}", path.display());
    }
}

/// What others can name has at most two type parameters.
#[test]
fn no_public_item_has_three_type_parameters() {
    for (_, path, text) in crate_sources() {
        for line in code(&text).map(str::trim_start).filter(|l| l.starts_with("pub ")) {
            let Some((head, rest)) = line.split_once('<') else { continue };
            let declares = ["fn ", "struct ", "enum ", "trait ", "type "];
            if !declares.iter().any(|d| head.contains(d)) || head.contains('(') {
                continue;
            }
            let mut depth = 1;
            let list: String = rest
                .chars()
                .take_while(|c| {
                    depth += i32::from(*c == '<') - i32::from(*c == '>');
                    depth > 0
                })
                .collect();
            let types = list.split(',').map(str::trim_start);
            let types = types.filter(|p| p.starts_with(|c: char| c.is_ascii_uppercase()));
            assert!(types.count() <= 2, "{}: {line}", path.display());
        }
    }
}
