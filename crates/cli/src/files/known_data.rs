//! What the folder of a run tells of its data: where they are, and whether their split is the first one.

use super::data_record::DataRecord;
use super::run_files::{DATA, is_run};
use super::whereabouts::Whereabouts;
use crate::failure::Failure;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The source of a run, with its files where they are found now. What lies beside a model that has no
/// run says nothing, and a record that cannot be read knows no better places.
pub(crate) fn find_data(run: &Path, source: &Value) -> Result<Value, Failure> {
    known_data(run).map_or_else(|| Ok(source.clone()), |files| files.find(source, run))
}

/// Every place where the data of a run may be, wherever the command runs; none for another folder.
pub(crate) fn places_of_data(run: &Path) -> Vec<PathBuf> {
    known_data(run).map_or_else(Vec::new, |files| files.places(run))
}

/// What is to be said of the scores of a run that went on with other data, which were split anew.
pub(crate) fn split_anew(run: &Path) -> Option<&'static str> {
    let note = "the data changed while the run was trained and were split anew: rows that it was trained \
                on before may now be validation or test rows, so their scores may be too good";
    known(run).is_some_and(|record| record.split_anew).then_some(note)
}

/// What a run knows of the places of its data.
fn known_data(run: &Path) -> Option<Whereabouts> {
    known(run).map(|record| record.files)
}

/// What a run knows of its data; nothing where its record cannot be read.
fn known(run: &Path) -> Option<DataRecord> {
    is_run(run).then(|| DataRecord::read(&run.join(DATA)).ok().flatten()).flatten()
}
