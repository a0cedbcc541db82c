//! Rows and columns of numbers in memory: kept, taken out, put one after the other.

use std::path::Path;
use tanren_plugin::{DataError, Values};

/// Makes room for `more` entries, no more and no fewer.
///
/// # Errors
/// When there is not enough memory.
pub(crate) fn reserve<T>(path: &Path, all: &mut Vec<T>, more: usize) -> Result<(), DataError> {
    all.try_reserve_exact(more).map_err(|_| {
        let bytes = more.saturating_mul(size_of::<T>());
        DataError::new(path.display(), format!("expected {bytes} bytes of free memory, found less"))
    })
}

/// All numbers as doubles.
///
/// # Errors
/// When there is not enough memory.
pub(crate) fn doubles(path: &Path, values: Values) -> Result<Vec<f64>, DataError> {
    match values {
        Values::Double(all) => Ok(all),
        other => {
            let mut all = Vec::new();
            reserve(path, &mut all, other.len())?;
            other.read(0..other.len(), &mut all);
            Ok(all)
        }
    }
}

/// The rows of `first` and then those of `second`: as compact as both are, or as doubles.
///
/// # Errors
/// When there is not enough memory.
pub(crate) fn join(path: &Path, first: Values, second: Values) -> Result<Values, DataError> {
    Ok(match (first, second) {
        (Values::Bytes(a), Values::Bytes(b)) => Values::Bytes(chain(path, a, &b)?),
        (Values::Indices(a), Values::Indices(b)) => Values::Indices(chain(path, a, &b)?),
        (Values::Single(a), Values::Single(b)) => Values::Single(chain(path, a, &b)?),
        (a, b) => Values::Double(chain(path, doubles(path, a)?, &doubles(path, b)?)?),
    })
}

fn chain<T: Copy>(path: &Path, mut first: Vec<T>, second: &[T]) -> Result<Vec<T>, DataError> {
    reserve(path, &mut first, second.len())?;
    first.extend_from_slice(second);
    Ok(first)
}

/// Keeps the `width` numbers of each of `rows`, which are in ascending order, and no others.
pub(crate) fn keep(values: &mut Values, width: usize, rows: &[usize]) {
    let mut kept = rows.iter().peekable();
    let mut at = 0;
    retain(values, || {
        let row = at / width.max(1);
        while kept.next_if(|&&next| next < row).is_some() {}
        at += 1;
        kept.peek().is_some_and(|&&next| next == row)
    });
}

/// One column of rows of `width` numbers.
///
/// # Errors
/// When there is not enough memory.
pub(crate) fn column(
    path: &Path,
    values: &Values,
    width: usize,
    column: usize,
) -> Result<Vec<f64>, DataError> {
    let (width, mut numbers) = (width.max(1), Vec::new());
    reserve(path, &mut numbers, values.len() / width)?;
    (column..values.len()).step_by(width).for_each(|at| values.read(at..at + 1, &mut numbers));
    Ok(numbers)
}

/// Keeps the columns of rows of `width` numbers for which `keep` says so.
pub(crate) fn keep_columns(values: &mut Values, width: usize, keep: impl Fn(usize) -> bool) {
    let mut at = 0;
    retain(values, || {
        at += 1;
        keep((at - 1) % width.max(1))
    });
}

/// Keeps the numbers for which `keep`, asked once for each in order, says so.
fn retain(values: &mut Values, mut keep: impl FnMut() -> bool) {
    match values {
        Values::Bytes(v) => v.retain(|_| keep()),
        Values::Indices(v) => v.retain(|_| keep()),
        Values::Single(v) => v.retain(|_| keep()),
        Values::Double(v) => v.retain(|_| keep()),
        // No reader here makes another kind.
        _ => {}
    }
}
