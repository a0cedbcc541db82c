//! The manifests and programs that README and CONTRIBUTING show are complete: each is resolved, and built
//! and run as a workspace of its own.

use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const README: &str = include_str!("../../README.md");
const CONTRIBUTING: &str = include_str!("../../CONTRIBUTING.md");

/// The first block after a heading whose fence opens with this line.
fn block<'d>(document: &'d str, heading: &str, fence: &str) -> &'d str {
    let (_, section) = document.split_once(&format!("\n{heading}\n")).unwrap();
    // Text and blocks take turns, because fences open and close.
    let mut blocks = section.split("\n```").skip(1).step_by(2);
    let language = fence.strip_prefix("```").unwrap();
    blocks
        .find_map(|block| block.split_once('\n').filter(|(first, _)| *first == language))
        .unwrap()
        .1
}

/// A workspace of a file for each path, with the versions that are locked here.
fn workspace(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let lock = fs::read_to_string(Path::new(ROOT).join("Cargo.lock")).unwrap();
    for (name, text) in [("Cargo.lock", lock.as_str())].iter().chain(files) {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text.replace("…/tanren", ROOT)).unwrap();
    }
    folder
}

/// The program of README.
fn first() -> TempDir {
    let heading = "## From a program";
    let program = block(README, heading, "```");
    assert!(program.contains("fn main()"));
    workspace(&[("Cargo.toml", block(README, heading, "```toml")), ("src/main.rs", program)])
}

/// The layer of `examples/custom_layer` with the manifest and the test of CONTRIBUTING.
fn acme() -> TempDir {
    let heading = "## A plugin in a crate of your own";
    let layer = fs::read_to_string(Path::new(ROOT).join("examples/custom_layer/src/lib.rs"));
    let test = block(CONTRIBUTING, heading, "```rust,ignore");
    assert!(test.contains("#[test]"));
    workspace(&[
        ("Cargo.toml", block(CONTRIBUTING, heading, "```toml")),
        ("src/lib.rs", &layer.unwrap()),
        ("tests/swish.rs", test),
    ])
}

/// What cargo prints.
fn cargo(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARGO_PROFILE_")) {
        command.env_remove(name);
    }
    let target = folder.join("target");
    command.current_dir(folder).args(arguments).arg("--offline").env("CARGO_TARGET_DIR", target);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Their crates exist, the versions they ask for are those used here, and debug builds are optimised.
#[test]
fn manifests_resolve() {
    let ours = cargo(Path::new(ROOT), &["tree", "--workspace", "--prefix", "none"]);
    let ours: Vec<&str> = ours.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    for folder in [first(), acme()] {
        let tree = cargo(folder.path(), &["tree", "--prefix", "none"]);
        for package in tree.lines().skip(1).map(|line| line.trim_end_matches(" (*)")) {
            assert!(
                package.is_empty() || package == "[dev-dependencies]" || ours.contains(&package),
                "{package}"
            );
        }
        let manifest = fs::read_to_string(folder.path().join("Cargo.toml")).unwrap();
        let manifest: toml::Table = toml::from_str(&manifest).unwrap();
        assert_eq!(manifest["profile"]["dev"]["opt-level"], 2.into());
    }
}

#[test]
#[ignore = "builds much of the workspace anew; .ci/run does"]
fn the_program_of_readme_trains() {
    let said = cargo(first().path(), &["run", "--quiet"]);
    assert!(said.contains("test:"), "{said}");
}

#[test]
#[ignore = "builds much of the workspace anew; .ci/run does"]
fn the_plugin_of_contributing_conforms() {
    let said = cargo(acme().path(), &["test", "--quiet", "--test", "swish"]);
    assert!(said.contains("1 passed"), "{said}");
}
