//! Writing a data file: whole or not at all, as gzip where its name ends so.

use crate::file::input::failed;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;
use tanren_plugin::DataError;

/// Names to try for a file that is not finished, if others are in use.
const NAMES: u32 = 1000;

/// Writes what `content` writes, under another name first: whoever reads `path` finds the old file
/// or the new one, never a part of it. A pipe or a device is written to and not replaced.
pub(crate) fn write(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), DataError> {
    let Some(name) = path.file_name() else {
        return Err(DataError::new(path.display(), "expected the path of a file"));
    };
    let gzip = path.extension().is_some_and(|extension| extension == "gz");
    let written = if fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        OpenOptions::new()
            .write(true)
            .open(path)
            .and_then(|pipe| fill(pipe, gzip, content))
            .map(drop)
    } else {
        replace(path, name, |file| fill(file, gzip, content)?.sync_all())
    };
    written.map_err(|error| failed(path, &error))
}

/// Puts a file that `fill` has filled in the place of another.
fn replace(path: &Path, name: &OsStr, fill: impl FnOnce(File) -> io::Result<()>) -> io::Result<()> {
    let (unfinished, file) = create(path, name)?;
    fill(file).and_then(|()| fs::rename(&unfinished, path)).inspect_err(|_| {
        // What is left of a failed attempt is of no use; the error to tell is the first one.
        let _ = fs::remove_file(&unfinished);
    })?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    // Not every platform can open a folder; where it can, the new name must be on the disk too.
    File::open(folder.unwrap_or(Path::new("."))).map_or(Ok(()), |folder| folder.sync_all())
}

/// A new file beside `path`, hidden and with the number of this process in its name: not one that
/// is somebody's own, nor one that another writer fills.
fn create(path: &Path, name: &OsStr) -> io::Result<(PathBuf, File)> {
    let process = process::id();
    let mut taken = None;
    for attempt in 0..NAMES {
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{process}-{attempt}.tmp"));
        let hidden = path.with_file_name(hidden);
        match File::create_new(&hidden) {
            Ok(file) => return Ok((hidden, file)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => taken = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(taken.unwrap_or_else(|| ErrorKind::AlreadyExists.into()))
}

/// Writes and packs; gives the file back once all has left the buffers.
fn fill(
    file: File,
    gzip: bool,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<File> {
    let mut plain = BufWriter::new(file);
    if gzip {
        let mut packed = GzEncoder::new(plain, Compression::default());
        content(&mut packed)?;
        plain = packed.finish()?;
    } else {
        content(&mut plain)?;
    }
    plain.into_inner().map_err(io::IntoInnerError::into_error)
}
