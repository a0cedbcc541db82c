//! `--id`: columns of the data by which people know the rows, copied beside predictions.

use crate::failure::{Failure, Kind};
use tanren_plugin::Table;

/// Refuses what a source that has no columns of text has left out, and what is another at each step of a sequence.
pub(crate) fn check(table: &Table, asked: &[String]) -> Result<(), Failure> {
    let known = |name: &&String| table.ids.iter().any(|ids| ids.name == **name);
    let Some(name) = asked.iter().find(|name| !known(name)) else { return Ok(()) };
    let why = match table.fields().any(|field| field.spec.shape.sequence) {
        true => "has another one at each step of a sequence",
        false => "has no columns of text, as CSV and Parquet files have them",
    };
    let message = format!("--id {name}: {} {why}", table.name);
    Err(Failure::new(Kind::Usage, message))
}
