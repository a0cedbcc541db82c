//! What the numbers of a fitted normaliser must be: a model file may say anything.

use tanren_plugin::SettingError;

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
