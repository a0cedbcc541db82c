//! What using a single crate brings along, and that each says what it is for.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The crates that people use by themselves; what each depends on directly, our own crates aside; and
/// with how many crates in all it is built, itself included, on Linux. ARCHITECTURE.md gives the same
/// numbers. Whoever raises one says there why.
const SINGLE: &[(&str, &[&str], usize)] = &[
    ("tensor", &["nalgebra", "rand", "rand_chacha", "rayon"], 25),
    ("plugin", &["serde", "strsim", "typetag"], 41),
    ("losses", &["serde", "typetag"], 42),
    ("layers", &["serde", "typetag"], 42),
    ("updaters", &["serde", "typetag"], 42),
    ("optimizers", &["serde", "typetag"], 42),
];

/// The names of the crates in the tree of normal dependencies, as deep as said.
fn tree(name: &str, depth: &str) -> BTreeSet<String> {
    let package = format!("tanren-{name}");
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal", "--prefix", "none", "--depth", depth])
        .args(["--package", &package])
        .current_dir(ROOT)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn single_crates_bring_little_along() {
    for (name, direct, all) in SINGLE {
        let found = tree(name, "1");
        let foreign: Vec<&str> =
            found.iter().map(String::as_str).filter(|name| !name.starts_with("tanren-")).collect();
        assert_eq!(foreign, *direct, "direct dependencies of tanren-{name}");
        let count = tree(name, "99").len();
        // Other systems may need others.
        assert!(!cfg!(target_os = "linux") || count <= *all, "tanren-{name}: {count} crates");
    }
    let text = fs::read_to_string(Path::new(ROOT).join("ARCHITECTURE.md")).unwrap();
    let numbers = SINGLE.iter().map(|(name, _, all)| format!("`{name}` {all}"));
    let sentence = numbers.collect::<Vec<_>>().join(", ");
    assert!(text.contains(&sentence), "ARCHITECTURE.md does not say: {sentence}");
}

/// Each has a README whose examples are its tests.
#[test]
fn every_crate_has_a_readme() {
    let mut crates: Vec<_> = fs::read_dir(Path::new(ROOT).join("crates")).unwrap().collect();
    crates.retain(|entry| entry.as_ref().unwrap().path().join("Cargo.toml").exists());
    assert!(crates.len() > 10);
    for entry in crates {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let readme = fs::read_to_string(path.join("README.md")).unwrap();
        assert!(readme.starts_with(&format!("# tanren-{name}\n")), "{name}");
        assert!(readme.contains("```rust"), "{name}: an example");
        let lib = fs::read_to_string(path.join("src/lib.rs")).unwrap();
        assert!(name == "derive" || lib.contains("include_str!(\"../README.md\")"), "{name}");
    }
}
