//! Writing where the user said: whole or not at all, but never over a device.

use crate::failure::Failure;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use tanren_network::write_atomic;

/// Writes a file whole or not at all.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    write_atomic(path, text.as_bytes()).map_err(|e| Failure::output(path, e))
}

/// The same for a path the user named. A device or a pipe is written to: a rename would put a
/// file in its place.
pub(crate) fn write_anywhere(path: &Path, text: &str) -> Result<(), Failure> {
    let special = fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir());
    if !special {
        return write(path, text);
    }
    let open = fs::OpenOptions::new().write(true).open(path);
    open.and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.flush()))
        .map_err(|e| Failure::output(path, e))
}

/// A path as a shell takes it.
pub(crate) fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:,@%~".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
