//! Writing a data file: whole or not at all, as gzip where its name ends so.

use crate::input::failed;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use tanren_plugin::DataError;

/// Writes what `content` writes, under another name first: whoever reads `path` finds the old file
/// or the new one, never a part of it.
pub(crate) fn write(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), DataError> {
    let Some(name) = path.file_name() else {
        return Err(DataError::new(path.display(), "expected the name of a file"));
    };
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(".tmp");
    let unfinished = path.with_file_name(hidden);
    let gzip = path.extension().is_some_and(|extension| extension == "gz");
    let written = fill(&unfinished, gzip, content).and_then(|()| fs::rename(&unfinished, path));
    written.map_err(|error| {
        // What is left of a failed attempt is of no use; the error to tell is the first one.
        let _ = fs::remove_file(&unfinished);
        failed(path, &error)
    })
}

fn fill(
    path: &Path,
    gzip: bool,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut plain = BufWriter::new(File::create(path)?);
    if gzip {
        let mut packed = GzEncoder::new(plain, Compression::default());
        content(&mut packed)?;
        plain = packed.finish()?;
    } else {
        content(&mut plain)?;
    }
    plain.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}
