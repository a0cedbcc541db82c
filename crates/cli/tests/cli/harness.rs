//! A folder to work in and the program to call.

use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A folder of its own for each test.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
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
