//! What array formats share: the size of a shape, and the field that rows of an array become.

use crate::file::input::MAX_BYTES;
use crate::file::rows::keep_columns;
use std::path::Path;
use tanren_plugin::{DataError, Feature, Field, FieldSpec, Values};
use tanren_tensor::Shape;

/// Features that get names. Those of longer rows go by their position: names would take more
/// memory than the numbers.
pub(crate) const MAX_NAMED: usize = 100_000;

/// How many numbers an array of `shape` has, of at most `bytes` each.
///
/// # Errors
/// When there are none, or more than may be read.
pub(crate) fn count(shape: &[usize], bytes: usize) -> Result<usize, String> {
    if shape.contains(&0) {
        return Err(format!("expected at least 1 in every dimension, found {}", written(shape)));
    }
    let count = shape.iter().try_fold(1, |all: usize, &n| all.checked_mul(n));
    let fits = |&count: &usize| count.checked_mul(bytes).is_some_and(|n| n as u64 <= MAX_BYTES);
    count.filter(fits).ok_or_else(|| {
        let most = MAX_BYTES >> 30;
        format!("expected at most {most} GiB of numbers, found a shape of {}", written(shape))
    })
}

/// Whether values are those of a shape of 1 to `ranks` dimensions.
///
/// # Errors
/// When they are not.
pub(crate) fn fits(shape: &[usize], values: &Values, ranks: usize) -> Result<(), String> {
    if shape.is_empty() || shape.len() > ranks {
        return Err(format!("expected 1 to {ranks} dimensions, found {}", shape.len()));
    }
    let (count, found) = (count(shape, 1)?, values.len());
    if count == found {
        return Ok(());
    }
    Err(format!("expected {count} numbers for a shape of {}, found {found}", written(shape)))
}

/// Numbers per row.
pub(crate) fn width(shape: &[usize]) -> usize {
    shape.iter().skip(1).fold(1, |all: usize, &n| all.saturating_mul(n))
}

/// A shape for people: `60000 × 28 × 28`.
pub(crate) fn written(shape: &[usize]) -> String {
    shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}

/// Which columns of a file become features.
pub(crate) struct Columns {
    /// How many columns the file has or, where it lacks the target, should have.
    pub(crate) whole: usize,
    pub(crate) kept: Kept,
}

/// Which of the columns of a file are kept: rows may be too wide for a list of all.
pub(crate) enum Kept {
    All,
    /// All but one.
    Not(usize),
    /// These, in ascending order.
    These(Vec<usize>),
}

impl Columns {
    /// The column of a feature.
    fn of(&self, feature: usize) -> usize {
        match &self.kept {
            Kept::All => feature,
            Kept::Not(column) => feature + usize::from(feature >= *column),
            Kept::These(columns) => columns.get(feature).copied().unwrap_or(feature),
        }
    }

    /// Leaves the features alone in rows of all columns.
    pub(crate) fn keep(&self, shape: &mut [usize], values: &mut Values) {
        let [_, width] = shape else { return };
        let whole = *width;
        match &self.kept {
            Kept::All => {}
            Kept::Not(taken) => {
                keep_columns(values, whole, |column| column != *taken);
                *width = whole.saturating_sub(1);
            }
            Kept::These(columns) => {
                keep_columns(values, whole, |column| columns.binary_search(&column).is_ok());
                *width = columns.len();
            }
        }
    }
}

/// An array as an input: pictures where its shape says so, and otherwise features named by their
/// positions in the file. Indices become doubles, because indices are classes elsewhere.
///
/// # Errors
/// For an infinite number, with its row and column.
pub(crate) fn input(
    path: &Path,
    shape: &[usize],
    values: Values,
    columns: &Columns,
) -> Result<Field, DataError> {
    let values = match values {
        Values::Indices(_) => Values::Double(crate::file::rows::doubles(path, values)?),
        other => other,
    };
    let width = width(shape);
    let name = |i: usize| match *shape {
        [_, _, w, 1] => format!("pixel_{}_{}", i / w, i % w),
        [_, _, w, c] => format!("pixel_{}_{}_{}", i / c / w, i / c % w, i % c),
        _ => columns.of(i).to_string(),
    };
    let named = if width > MAX_NAMED { 0 } else { width };
    let features = (0..named).map(|i| Feature::number(name(i))).collect();
    let spec = match *shape {
        [_, h, w, channels] => FieldSpec::new("pixels", Shape::image(h, w, channels)),
        _ => {
            let positions = Some(columns.whole);
            FieldSpec { positions, ..FieldSpec::new("features", Shape::vector(width)) }
        }
    };
    let field = Field::new(FieldSpec { features, ..spec }, values);
    refuse_infinite(path, &field)?;
    Ok(field)
}

/// The first number that is infinite. NaN is a missing one.
fn refuse_infinite(path: &Path, field: &Field) -> Result<(), DataError> {
    let found = match &field.values {
        Values::Double(v) => v.iter().position(|x| x.is_infinite()).map(|i| (i, v[i])),
        Values::Single(v) => v.iter().position(|x| x.is_infinite()).map(|i| (i, v[i].into())),
        _ => None,
    };
    let Some((at, x)) = found else { return Ok(()) };
    let (row, feature) = (at / field.width(), at % field.width());
    let error = DataError::new(path.display(), format!("expected a finite number, found {x}"));
    Err(error.row(row).column(field.spec.feature_name(feature)))
}
