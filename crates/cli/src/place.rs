//! Writing where the user said, and saying where that is.

use crate::failure::Failure;
use std::path::Path;
use tanren_network::write_atomic;

/// Writes a file whole or not at all.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    write_atomic(path, text.as_bytes()).map_err(|e| Failure::output(path, e))
}

/// This program as it was started, so that what it suggests to type works where it was typed.
pub(crate) fn program() -> String {
    let started = std::env::args_os().next();
    started.map_or_else(|| "tanren".into(), |program| quoted(Path::new(&program)))
}

/// A path as a shell takes it.
pub(crate) fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:,@%~".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
