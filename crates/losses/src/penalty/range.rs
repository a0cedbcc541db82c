//! The range of a penalty's strength.

use tanren_plugin::SettingError;

/// A strength: below 0 it would reward what it is to hold back.
pub(super) fn strength(value: f64) -> Result<(), SettingError> {
    let right = value >= 0.0 && value.is_finite();
    SettingError::unless(right, "strength", "a finite number, 0 or more", value)
}
