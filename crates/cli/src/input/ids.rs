//! `--id`: columns of the data by which people know the rows, copied beside predictions.

use crate::failure::{Failure, Kind};
use tanren_plugin::Table;

/// Refuses what a source that has no columns of text has left out.
pub(crate) fn check(table: &Table, asked: &[String]) -> Result<(), Failure> {
    match asked.first() {
        Some(first) if table.ids.is_empty() => {
            let message = format!(
                "--id {first}: {} has no columns of text, as CSV and Parquet files have them",
                table.name
            );
            Err(Failure::new(Kind::Usage, message))
        }
        _ => Ok(()),
    }
}
