//! `Metrics`: the file `metrics.jsonl` of a run, the record of every epoch as one JSON object per line.

use super::paths;
use crate::failure::Failure;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use tanren_plugin::EpochRecord;

/// The record of every epoch, one JSON object per line.
pub(crate) struct Metrics {
    file: File,
    path: PathBuf,
}

impl Metrics {
    /// The file at `path`, holding exactly `history` and open for more. What a run wrote after its last
    /// checkpoint, torn lines too, is gone with it.
    pub(super) fn open(path: PathBuf, history: &[EpochRecord]) -> Result<Self, Failure> {
        let lines = history.iter().map(line).collect::<Result<String, _>>();
        paths::write(&path, &lines.map_err(|e| Failure::output(&path, e))?)?;
        let file = OpenOptions::new().append(true).open(&path);
        Ok(Self { file: file.map_err(|e| Failure::output(&path, e))?, path })
    }

    /// Appends one record.
    pub(crate) fn append(&mut self, record: &EpochRecord) -> Result<(), Failure> {
        let written = line(record).map_err(std::io::Error::from);
        let written = written.and_then(|line| self.file.write_all(line.as_bytes()));
        written.and_then(|()| self.file.flush()).map_err(|e| Failure::output(&self.path, e))
    }
}

fn line(record: &EpochRecord) -> serde_json::Result<String> {
    serde_json::to_string(record).map(|text| text + "\n")
}
