//! What normalisers of single features share: fitting one after another, shapes, and the numbers of a
//! model file, which may say anything.

use crate::profile::{each_feature, expect_numbers, refuse_number};
use tanren_plugin::{DataError, Field, FieldSpec, SettingError};
use tanren_tensor::ShapeError;

/// Fits every feature to its numbers over `rows`, of which those that are missing are left out; a category
/// is `untouched`. One feature's numbers are in memory at a time.
///
/// # Errors
/// For an index, for no columns at all, for an infinite number, with its place, and for what `fit`
/// refuses, with the name of the feature.
pub(crate) fn each_number<F: Clone>(
    field: &Field,
    rows: &[usize],
    untouched: &F,
    mut fit: impl FnMut(&mut Vec<f64>) -> Result<F, String>,
) -> Result<Vec<F>, DataError> {
    expect_numbers(field, rows)?;
    refuse_number(field, rows, f64::is_infinite, "a finite number")?;
    let mut fitted = Vec::with_capacity(field.width());
    let mut refused = Ok(());
    each_feature(field, rows, |feature, numbers| {
        if field.spec.is_category(feature) {
            return fitted.push(untouched.clone());
        }
        numbers.retain(|x| !x.is_nan());
        match fit(numbers) {
            Ok(one) => fitted.push(one),
            Err(message) if refused.is_ok() => {
                let error = DataError::new(&field.spec.name, message);
                refused = Err(error.column(field.spec.feature_name(feature)));
            }
            Err(_) => {}
        }
    });
    refused.map(|()| fitted)
}

/// The description of a field whose features, `count` of them, change only in their values.
///
/// # Errors
/// When the field cannot be the one that was fitted.
pub(crate) fn same_features(
    input: &FieldSpec,
    count: usize,
    what: &str,
) -> Result<FieldSpec, ShapeError> {
    if input.shape.indices || input.shape.features != count {
        return Err(ShapeError::new(format!("{count} {what}"), input.shape));
    }
    Ok(input.clone())
}

/// Whether numbers in ascending order are equal but for rounding.
pub(crate) fn constant(ascending: &[f64]) -> bool {
    let (Some(low), Some(high)) = (ascending.first(), ascending.last()) else { return true };
    high - low <= CONSTANT * high.abs().max(low.abs())
}

/// A feature whose deviation is at most this share of its numbers is constant but for rounding.
pub(crate) const CONSTANT: f64 = 1e-12;

/// (x − center) / scale; with a scale of 0, that of a constant feature, always 0. What is missing stays
/// so.
pub(crate) fn scaled(x: f64, center: f64, scale: f64) -> f64 {
    match scale == 0.0 {
        true if x.is_finite() => 0.0,
        true => x, // no number is no number, whatever the others are
        false => (x - center) / scale,
    }
}

/// Whether every number of a list is `right`.
///
/// # Errors
/// For the first that is not, with its place.
pub(crate) fn each(
    setting: &str,
    numbers: &[f64],
    expected: &str,
    right: impl Fn(f64) -> bool,
) -> Result<(), SettingError> {
    let wrong = numbers.iter().enumerate().find(|(_, x)| !right(**x));
    wrong.map_or(Ok(()), |(at, x)| {
        SettingError::unless(false, &format!("{setting}[{at}]"), expected, *x)
    })
}

/// Whether every number of a list is finite.
///
/// # Errors
/// For the first that is not, with its place.
pub(crate) fn finite(setting: &str, numbers: &[f64]) -> Result<(), SettingError> {
    each(setting, numbers, "a finite number", f64::is_finite)
}

/// Whether every number of a list can be a scale, 0 for a constant feature.
///
/// # Errors
/// For the first that cannot, with its place.
pub(crate) fn scales(setting: &str, numbers: &[f64]) -> Result<(), SettingError> {
    each(setting, numbers, "a finite number, 0 or more", |x| x.is_finite() && x >= 0.0)
}

/// Whether a list is as long as another.
///
/// # Errors
/// When it is not, with both lengths.
pub(crate) fn as_many(
    setting: &str,
    numbers: &[f64],
    other: &str,
    others: &[f64],
) -> Result<(), SettingError> {
    if numbers.len() == others.len() {
        return Ok(());
    }
    let expected = format!("{} numbers, as many as `{other}` has", others.len());
    Err(SettingError::new(setting, expected, numbers.len()))
}

/// Whether there is anything between `min` and `max`.
///
/// # Errors
/// When there is not.
pub(crate) fn bounds(min: f64, max: f64) -> Result<(), SettingError> {
    let right = min < max && (max - min).is_finite();
    SettingError::unless(right, "min", &format!("a finite number below max = {max}"), min)
}
