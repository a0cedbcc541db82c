//! Columns by which people know the rows, which stand beside predictions as they are written.

use super::cell::listed;
use super::columns::{asked, find_in_new};
use super::layout::Layout;
use crate::Csv;
use tanren_plugin::{DataError, Schema};

/// The columns that the settings and the schema call so, if any are wanted, each once. Where the column
/// of a target is `absent` from a file without a header, the positions in the settings are those of
/// other columns.
///
/// # Errors
/// When one that the schema names is not there.
pub(super) fn columns(
    csv: &Csv,
    layout: &mut Layout,
    schema: &Schema,
    absent: bool,
) -> Result<Vec<usize>, DataError> {
    let Some(more) = &schema.ids else { return Ok(Vec::new()) };
    let (mut columns, mut missing) = (Vec::new(), Vec::new());
    for name in &csv.ids {
        match find_in_new(layout, name).filter(|_| !absent) {
            Some(column) => columns.push(column),
            None => missing.push(name.as_str()),
        }
    }
    if !missing.is_empty() {
        let s = if missing.len() == 1 { "" } else { "s" };
        let missing = listed(missing.into_iter());
        layout.notes.push(format!("no column{s} {missing} to stand beside the predictions"));
    }
    for name in more {
        columns.push(asked(layout, name)?);
    }
    let mut met = vec![false; layout.names.len()];
    columns.retain(|&column| !std::mem::replace(&mut met[column], true));
    Ok(columns)
}
