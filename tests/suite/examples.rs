//! Every example of the root package runs and says something.

use std::path::PathBuf;
use std::process::Command;

/// The folder of built examples, beside this test's own.
fn built(example: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let deps = test.parent().unwrap();
    deps.parent().unwrap().join("examples").join(example)
}

#[test]
fn run_to_the_end() {
    let sources = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/examples")).unwrap();
    let mut names: Vec<String> = sources
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            let rust = path.extension().is_some_and(|e| e == "rs");
            rust.then(|| path.file_stem().unwrap().to_string_lossy().into_owned())
        })
        .collect();
    names.sort();
    assert!(names.contains(&"quickstart".to_owned()));
    for name in names {
        let output = Command::new(built(&name)).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        let said = if name.starts_with("minimize") { "converged" } else { "test: " };
        assert!(text.contains(said), "{name}: {text}");
    }
}
