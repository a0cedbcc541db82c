//! What the numbers of a field are like: count, mean, standard deviation and range per feature.

pub(crate) mod columns;

use tanren_plugin::{DataError, Field};
use tanren_tensor::Welford;

/// The moments of each feature over `rows`; for sequences, over all their steps. An index counts
/// as one number.
///
/// A NaN makes the mean and the variance of its feature NaN, an infinite number too; the range
/// passes over NaN.
///
/// # Panics
/// When a row is not in the field.
#[must_use]
pub fn profile(field: &Field, rows: &[usize]) -> Vec<Welford> {
    let mut moments = vec![Welford::default(); field.width()];
    let mut numbers = Vec::with_capacity(field.width());
    for column in rows.iter().flat_map(|&row| field.columns(row)) {
        numbers.clear();
        field.read(column, &mut numbers);
        for (moments, &x) in moments.iter_mut().zip(&numbers) {
            moments.add(x, 1.0);
        }
    }
    moments
}

/// Calls `see` with each feature and its numbers over `rows`, feature after feature: one column of
/// numbers in memory at a time.
pub(crate) fn each_feature(
    field: &Field,
    rows: &[usize],
    mut see: impl FnMut(usize, &mut Vec<f64>),
) {
    let (mut column, mut numbers) = (Vec::with_capacity(field.width()), Vec::new());
    for feature in 0..field.width() {
        numbers.clear();
        for at in rows.iter().flat_map(|&row| field.columns(row)) {
            column.clear();
            field
                .values
                .read(at * field.width() + feature..at * field.width() + feature + 1, &mut column);
            numbers.extend(&column);
        }
        see(feature, &mut numbers);
    }
}

/// The profile of a field that is to be normalised as numbers. That of its categories means
/// nothing.
///
/// # Errors
/// For an index, for no columns at all, and for a number that is not finite, with its place.
pub(crate) fn finite_profile(field: &Field, rows: &[usize]) -> Result<Vec<Welford>, DataError> {
    if field.spec.shape.indices {
        let message = format!("expected numbers, found {}", field.spec.shape);
        return Err(DataError::new(&field.spec.name, message));
    }
    let moments = profile(field, rows);
    if moments.iter().any(|feature| feature.weight == 0.0) {
        let message = "expected training rows, found none";
        return Err(DataError::new(&field.spec.name, message));
    }
    // A large range may overflow the variance of finite numbers: that is for the caller to judge.
    let mut measured = moments.iter().enumerate().filter(|(f, _)| !field.spec.is_category(*f));
    if measured.any(|(_, feature)| !feature.variance().is_finite()) {
        not_finite(field, rows).map_or(Ok(()), Err)?;
    }
    Ok(moments)
}

/// The first number that is not finite.
fn not_finite(field: &Field, rows: &[usize]) -> Option<DataError> {
    let mut numbers = Vec::new();
    rows.iter().find_map(|&row| {
        field.columns(row).find_map(|column| {
            numbers.clear();
            field.read(column, &mut numbers);
            let mut numbers = numbers.iter().enumerate();
            let (feature, x) =
                numbers.find(|(f, x)| !x.is_finite() && !field.spec.is_category(*f))?;
            let hint = if x.is_nan() {
                "; the normalizer `impute`, placed before this one, fills missing values"
            } else {
                ""
            };
            let message = format!("expected a finite number, found {x}{hint}");
            let error = DataError::new(&field.spec.name, message).row(row);
            Some(error.column(field.spec.feature_name(feature)))
        })
    })
}
