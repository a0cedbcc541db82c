//! The lock of a run, so that no two processes train it at once. It ends with its process, however
//! that ends; its file stays as long as its folder, since removing it would let two processes lock two
//! files of one name.

use super::paths;
use crate::failure::{Failure, Kind};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

/// The name of the file in the folder of a run.
pub(crate) const LOCK: &str = "lock";

/// The lock of a run, held while this value lives.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
    /// Why there is no lock, where the file system has none.
    pub(crate) note: Option<String>,
}

impl Lock {
    /// Takes the lock of the run in `folder`.
    pub(crate) fn take(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join(LOCK);
        let file = OpenOptions::new().create(true).append(true).open(&path);
        let file = file.map_err(|e| Failure::output(&path, e))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file, note: None }),
            Err(TryLockError::WouldBlock) => {
                let run = paths::quoted(folder);
                let message = format!(
                    "another process is training the run {run}: wait until it ends, or end it first"
                );
                Err(Failure::new(Kind::Busy, message))
            }
            // A file system may have no locks at all; then it is for the user to know.
            Err(TryLockError::Error(error)) => {
                let note = Some(format!(
                    "the run cannot be locked ({}: {error}): do not resume it elsewhere before it ends",
                    path.display()
                ));
                Ok(Self { _file: file, note })
            }
        }
    }
}
