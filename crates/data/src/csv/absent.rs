//! `absent`: which columns of the training data, of which positions are the only names, a file lacks.

use super::columns::position;
use super::layout::Layout;
use crate::Csv;
use std::collections::HashSet;
use tanren_plugin::{DataError, Schema};

/// Where the targets stood in the file of `whole` columns that a model was made from, in ascending order,
/// when this file lacks just these columns; none where it lacks none.
///
/// # Errors
/// When the files cannot be told to have the same columns.
pub(super) fn find(
    csv: &Csv,
    layout: &Layout,
    whole: usize,
    inputs: &[String],
    schema: &Schema,
) -> Result<Vec<usize>, DataError> {
    let found = layout.names.len();
    if layout.header || found == whole {
        return Ok(Vec::new()); // a header is for the names to complain about
    }
    let wanted = !schema.targets.is_empty();
    let mut absent: Vec<usize> = match (csv.target.as_slice(), schema.unused.as_slice()) {
        _ if wanted => Vec::new(),
        ([], []) => {
            let taken: HashSet<&str> = inputs.iter().map(String::as_str).collect();
            let free = (0..whole).filter(|at| !taken.contains(at.to_string().as_str()));
            let free: Vec<usize> = free.take(2).collect();
            if free.len() == 1 { free } else { Vec::new() }
        }
        ([], names) | (names, _) => names.iter().filter_map(|name| position(name, whole)).collect(),
    };
    absent.sort_unstable();
    absent.dedup();
    if !absent.is_empty() && found + absent.len() == whole {
        return Ok(absent);
    }
    let or = match absent.len() {
        _ if wanted => String::new(),
        0 | 1 => " (or one less, without the target)".into(),
        several => format!(" (or {}, without the {several} targets)", whole - several),
    };
    let message = format!(
        "expected {whole} columns, as in the training file, which had no header{or}; found {found}"
    );
    Err(layout.error(message))
}

/// The position that a column had where those that are `absent` now were there, too.
pub(super) fn before(absent: &[usize], column: usize) -> usize {
    absent.iter().fold(column, |column, absent| column + usize::from(*absent <= column))
}

/// What is to be said of columns that are absent from a file of so many.
pub(super) fn note(absent: &[usize], columns: usize) -> Option<String> {
    let (last, others) = absent.split_last()?;
    let targets = match others {
        [] => format!("the target, column {last}, is"),
        _ => {
            let others: Vec<String> = others.iter().map(usize::to_string).collect();
            format!("the targets, columns {} and {last}, are", others.join(", "))
        }
    };
    let whole = columns + absent.len();
    Some(format!("{columns} columns, in training {whole}: {targets} taken to be absent"))
}
