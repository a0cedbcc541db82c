//! Opening a data file: plain or gzip, a stream of bytes that never grows beyond a stated size.

use crate::file::members::Members;
#[cfg(feature = "parquet")]
use crate::file::parquet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use tanren_plugin::DataError;

/// The most bytes a compressed file may expand to, and any table take in memory: 8 GiB.
pub const MAX_BYTES: u64 = 8 << 30;

/// Bytes read at a time.
const BUFFER: usize = 1 << 16;

/// What Parquet files begin with.
pub(crate) const PARQUET: &[u8] = b"PAR1";

/// What gzip files begin with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A file as bytes, decompressed where it is gzip and written out as CSV where it is Parquet,
/// whatever its name says.
pub(crate) fn open(path: &Path) -> Result<Box<dyn BufRead>, DataError> {
    let metadata = fs::metadata(path).map_err(|e| failed(path, &e))?;
    if !metadata.is_file() {
        // Files are read more than once: what flows by is gone the second time.
        let found = if metadata.is_dir() { "a folder" } else { "a pipe or a device" };
        let message = format!("expected a file, found {found}");
        return Err(DataError::new(path.display(), message));
    }
    let file = File::open(path).map_err(|e| failed(path, &e))?;
    let mut reader = BufReader::with_capacity(BUFFER, file);
    let start = reader.fill_buf().map_err(|e| failed(path, &e))?;
    if start.starts_with(&GZIP) {
        let plain = Limited { inner: Members::new(reader), left: MAX_BYTES };
        return Ok(Box::new(BufReader::with_capacity(BUFFER, plain)));
    }
    #[cfg(feature = "parquet")]
    if start.starts_with(PARQUET) {
        let rows = Limited { inner: parquet::open(path, reader.into_inner())?, left: MAX_BYTES };
        return Ok(Box::new(BufReader::with_capacity(BUFFER, rows)));
    }
    Ok(Box::new(reader))
}

/// The names of the columns that [`open`] leaves out of a Parquet file; `None` where it is none.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn left_out(path: &Path) -> Result<Option<Vec<String>>, DataError> {
    #[cfg(feature = "parquet")]
    {
        let mut start = [0; PARQUET.len()];
        if !fs::metadata(path).is_ok_and(|metadata| metadata.is_file()) {
            return Ok(None); // to open a pipe is to wait for whoever writes to it
        }
        let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
        // What is wrong with the file is for `open` to say.
        if read.is_ok() && start == *PARQUET {
            return parquet::left_out(path).map(Some);
        }
    }
    let _ = path;
    Ok(None)
}

/// What the operating system or the decompressor said.
pub(crate) fn failed(path: &Path, error: &io::Error) -> DataError {
    let said = match error.kind() {
        io::ErrorKind::UnexpectedEof => "the file ends too early".into(),
        io::ErrorKind::NotFound => match std::env::current_dir() {
            Ok(here) if path.is_relative() => {
                format!("no such file in {}", here.display())
            }
            _ => "no such file".into(),
        },
        _ => error.to_string(),
    };
    DataError::new(path.display(), said)
}

/// A reader that fails rather than give more than it may.
struct Limited<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(n as u64).ok_or_else(|| {
            io::Error::other(format!(
                "the file is larger than {} GiB when decompressed",
                MAX_BYTES >> 30
            ))
        })?;
        Ok(n)
    }
}
