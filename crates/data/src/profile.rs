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
    moments(field, rows, |_| true)
}

/// The moments of each feature over the numbers of `rows` that count.
fn moments(field: &Field, rows: &[usize], counts: impl Fn(f64) -> bool) -> Vec<Welford> {
    let mut moments = vec![Welford::default(); field.width()];
    let mut numbers = Vec::with_capacity(field.width());
    for column in rows.iter().flat_map(|&row| field.columns(row)) {
        numbers.clear();
        field.read(column, &mut numbers);
        for (moments, &x) in moments.iter_mut().zip(&numbers) {
            if counts(x) {
                moments.add(x, 1.0);
            }
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

/// The profile of a field that is to be normalised as numbers, of which those that are missing do not
/// count. That of its categories means nothing.
///
/// # Errors
/// For an index, for no columns at all, and for an infinite number, with its place.
pub(crate) fn measured_profile(field: &Field, rows: &[usize]) -> Result<Vec<Welford>, DataError> {
    expect_numbers(field, rows)?;
    let moments = moments(field, rows, |x| !x.is_nan());
    // A large range may overflow the variance of finite numbers: that is for the caller to judge.
    let mut measured = moments.iter().enumerate().filter(|(f, _)| !field.spec.is_category(*f));
    if measured.any(|(_, feature)| !feature.variance().is_finite()) {
        refuse_number(field, rows, f64::is_infinite, "a finite number")?;
    }
    Ok(moments)
}

/// Whether there is something to learn from, and it is no index.
///
/// # Errors
/// When not.
pub(crate) fn expect_numbers(field: &Field, rows: &[usize]) -> Result<(), DataError> {
    let refused = |message: String| Err(DataError::new(&field.spec.name, message));
    if field.spec.shape.indices {
        return refused(format!("expected numbers, found {}", field.spec.shape));
    }
    match rows.iter().all(|&row| field.columns(row).is_empty()) {
        true => refused("expected training rows, found none".into()),
        false => Ok(()),
    }
}

/// Refuses the first number of no category that is `wrong`.
///
/// # Errors
/// With its place, and what was expected.
pub(crate) fn refuse_number(
    field: &Field,
    rows: &[usize],
    wrong: impl Fn(f64) -> bool,
    expected: &str,
) -> Result<(), DataError> {
    let mut numbers = Vec::new();
    for &row in rows {
        for column in field.columns(row) {
            numbers.clear();
            field.read(column, &mut numbers);
            let mut numbers = numbers.iter().enumerate();
            let found = numbers.find(|(f, x)| wrong(**x) && !field.spec.is_category(*f));
            if let Some((feature, x)) = found {
                let message = format!("expected {expected}, found {x}");
                let error = DataError::new(&field.spec.name, message).row(row);
                return Err(error.column(field.spec.feature_name(feature)));
            }
        }
    }
    Ok(())
}
