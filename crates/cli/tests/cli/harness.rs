//! A folder to work in and the program to call.

use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Output};
use tempfile::TempDir;

/// The formats of recipes.
pub(crate) const FORMATS: [&str; 3] = ["toml", "json", "yaml"];

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

/// A folder of its own for each test.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// With one recipe in every format with all its defaults, as `good.toml` and so on, and in few
    /// words as `short.toml`.
    pub(crate) fn with_recipes() -> Self {
        let place = Self::new();
        place.write("short.toml", RECIPE);
        for format in FORMATS {
            let line = format!("render short.toml --output good.{format}");
            assert_eq!(place.prints(&line), "");
        }
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tanren"));
        command.current_dir(self.0.path()).args(line.split_whitespace());
        command
    }

    /// Calls `tanren` with the words of `line`.
    pub(crate) fn tanren(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    /// The one JSON object a call prints when all goes well.
    pub(crate) fn json(&self, line: &str) -> Value {
        let output = self.tanren(line);
        assert!(output.status.success(), "{line}: {}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// What a call prints when all goes well.
    pub(crate) fn prints(&self, line: &str) -> String {
        let output = self.tanren(line);
        assert!(output.status.success(), "{line}: {}", text(&output.stderr));
        assert_eq!(text(&output.stderr), "", "{line}");
        text(&output.stdout)
    }

    /// Calls `tanren`, expects this exit code and all these words on stdout.
    pub(crate) fn fails_with_result(&self, line: &str, code: i32, words: &[&str]) {
        let output = self.tanren(line);
        let result = text(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{line}: {}", text(&output.stderr));
        for word in words {
            assert!(result.contains(word), "{line}: {word:?} not in {result}");
        }
    }

    /// Calls `tanren`, expects this exit code and all these words on stderr, and no panic.
    pub(crate) fn fails(&self, line: &str, code: i32, words: &[&str]) {
        let output = self.tanren(line);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{line}: {message}");
        for word in words {
            assert!(message.contains(word), "{line}: {word:?} not in {message}");
        }
        assert!(!message.contains("panic"), "{line}: {message}");
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
