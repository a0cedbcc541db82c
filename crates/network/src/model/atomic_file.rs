//! `AtomicFile`: a file that appears whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that is written under another name beside its own until it is [committed](Self::commit). Without
/// that it is gone, and what stood at its path is as it was.
///
/// A pipe or a device at the path is written to at once, not replaced.
#[derive(Debug)]
pub struct AtomicFile {
    path: PathBuf,
    file: File,
    /// Where the file stands until it is committed.
    temporary: Option<PathBuf>,
}

impl AtomicFile {
    /// Begins the file at `path`.
    ///
    /// # Errors
    /// Whatever the operating system says.
    pub fn create(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        if fs::metadata(&path).is_ok_and(|facts| !facts.is_file() && !facts.is_dir()) {
            let file = File::options().write(true).open(&path)?;
            return Ok(Self { path, file, temporary: None });
        }
        let name = path.file_name().ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, "expected the path of a file")
        })?;
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.tmp", std::process::id()));
        let temporary = path.with_file_name(hidden);
        let file = File::create(&temporary)?;
        Ok(Self { path, file, temporary: Some(temporary) })
    }

    /// Puts the file in its place: it is synced, renamed, and its folder is synced.
    ///
    /// # Errors
    /// Whatever the operating system says; then what stood at the path is as it was.
    pub fn commit(mut self) -> io::Result<()> {
        let Some(temporary) = &self.temporary else { return self.file.flush() };
        self.file.sync_all()?;
        fs::rename(temporary, &self.path)?;
        self.temporary = None;
        let folder = match self.path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        // Not every platform can open a folder; where it can, the rename must be on the disk, too.
        File::open(folder).map_or(Ok(()), |folder| folder.sync_all())
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            // It may stay where it cannot even be removed.
            drop(fs::remove_file(temporary));
        }
    }
}

/// Writes `bytes` to `path` as an [`AtomicFile`].
///
/// # Errors
/// Whatever the operating system says; then `path` is as it was.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes)?;
    file.commit()
}
