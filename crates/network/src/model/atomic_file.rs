//! `AtomicFile`: a file that appears whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
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
    /// Whether it takes the place of what stands at its path.
    replaces: bool,
}

impl AtomicFile {
    /// Begins the file at `path`. It takes the place of a file that stands there, and has its permissions.
    ///
    /// # Errors
    /// Whatever the operating system says.
    pub fn create(path: impl Into<PathBuf>) -> io::Result<Self> {
        Self::begin(path.into(), true)
    }

    /// Begins the file at `path`, where none may stand, neither now nor when it is committed.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`], or whatever the operating system says.
    pub fn create_new(path: impl Into<PathBuf>) -> io::Result<Self> {
        Self::begin(path.into(), false)
    }

    fn begin(path: PathBuf, replaces: bool) -> io::Result<Self> {
        let facts = fs::metadata(&path).ok();
        if facts.as_ref().is_some_and(|facts| !facts.is_file() && !facts.is_dir()) {
            let file = File::options().write(true).open(&path)?;
            return Ok(Self { path, file, temporary: None, replaces });
        }
        if !replaces && stands(&path) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let (file, temporary) = beside(&path)?;
        if let Some(facts) = facts {
            keep_permissions(&file, &facts);
        }
        Ok(Self { path, file, temporary: Some(temporary), replaces })
    }

    /// Puts the file in its place: it is synced, renamed, and its folder is synced.
    ///
    /// # Errors
    /// Whatever the operating system says; then what stood at the path is as it was.
    /// [`ErrorKind::AlreadyExists`] when the file was to be new and another one stands there by now.
    pub fn commit(mut self) -> io::Result<()> {
        let Some(temporary) = &self.temporary else { return self.file.flush() };
        self.file.sync_all()?;
        match self.replaces {
            true => fs::rename(temporary, &self.path)?,
            false => place(temporary, &self.path)?,
        }
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

/// Whether anything stands at a path, be it a link that leads nowhere.
fn stands(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// A new file beside `path`, under a name that nothing has.
fn beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "expected the path of a file"))?;
    let process = std::process::id();
    let mut n = 0_u32;
    loop {
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(match n {
            0 => format!(".{process}.tmp"),
            _ => format!(".{process}-{n}.tmp"),
        });
        let temporary = path.with_file_name(hidden);
        match File::create_new(&temporary) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists && n < u32::MAX => n += 1,
            made => return made.map(|file| (file, temporary)),
        }
    }
}

/// Moves a file to a path at which nothing may stand.
fn place(temporary: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(temporary, path) {
        Ok(()) => {
            // Under its other name it may stay where that cannot be removed.
            drop(fs::remove_file(temporary));
            Ok(())
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
        // Not every file system has hard links; without them, a look right before has to do.
        Err(_) if stands(path) => Err(ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(temporary, path),
    }
}

/// Gives a file the permissions of the one it replaces, so that what was private stays so. A file system
/// that cannot do this has none.
#[cfg(unix)]
fn keep_permissions(file: &File, facts: &fs::Metadata) {
    drop(file.set_permissions(facts.permissions()));
}

/// On other platforms, permissions are those of the folder.
#[cfg(not(unix))]
fn keep_permissions(_: &File, _: &fs::Metadata) {}

/// Writes `bytes` to `path` as an [`AtomicFile`].
///
/// # Errors
/// Whatever the operating system says; then `path` is as it was.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes)?;
    file.commit()
}
