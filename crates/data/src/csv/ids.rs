//! Columns by which people know the rows, which stand beside predictions as they are written.

use super::absent::before;
use super::cell::listed;
use super::columns::{asked, find_in_new, position};
use super::layout::Layout;
use crate::Csv;
use tanren_plugin::{DataError, Schema};

/// The columns that the settings and the schema call so, if any are wanted, each once. The columns that
/// are `absent` from a file without a header count in the positions of the settings.
///
/// # Errors
/// When one that the schema names is not there.
pub(super) fn columns(
    csv: &Csv,
    layout: &mut Layout,
    schema: &Schema,
    absent: &[usize],
) -> Result<Vec<usize>, DataError> {
    let Some(more) = &schema.ids else { return Ok(Vec::new()) };
    let (mut columns, mut missing) = (Vec::new(), Vec::new());
    for name in &csv.ids {
        match find_in_training(layout, absent, name) {
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

/// The column that the settings name, which count the columns of the training file where there are no
/// names.
fn find_in_training(layout: &Layout, absent: &[usize], name: &str) -> Option<usize> {
    if absent.is_empty() {
        return find_in_new(layout, name);
    }
    let columns = layout.names.len();
    let place = position(name, columns + absent.len())?;
    (0..columns).find(|&column| before(absent, column) == place)
}
