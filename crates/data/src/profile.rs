//! What the numbers of a field are like: count, mean, standard deviation and range per feature.

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

/// The profile of a field that is to be normalised as numbers.
///
/// # Errors
/// For an index, for no columns at all, and for a number that is not finite, with its place.
pub(crate) fn finite_profile(field: &Field, rows: &[usize]) -> Result<Vec<Welford>, DataError> {
    if field.shape.indices {
        let message = format!("expected numbers, found {}", field.shape);
        return Err(DataError::new(&field.name, message));
    }
    let moments = profile(field, rows);
    if moments.iter().any(|feature| feature.weight == 0.0) {
        let message = "expected training rows, found none";
        return Err(DataError::new(&field.name, message));
    }
    // A large range may overflow the variance of finite numbers: that is for the caller to judge.
    if moments.iter().any(|feature| !feature.variance().is_finite()) {
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
            let feature = numbers.iter().position(|x| !x.is_finite())?;
            let message = format!("expected a finite number, found {}", numbers[feature]);
            let error = DataError::new(&field.name, message).row(row);
            Some(error.column(feature_name(field, feature)))
        })
    })
}

/// The name of a feature, or its number where it has none.
pub(crate) fn feature_name(field: &Field, feature: usize) -> String {
    let name = field.features.get(feature).cloned();
    name.unwrap_or_else(|| feature.to_string())
}
