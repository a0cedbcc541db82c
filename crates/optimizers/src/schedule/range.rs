//! The range of what a schedule is made of.

use tanren_plugin::SettingError;

/// A size or a factor: at 0 nothing moves, below 0 all goes the wrong way.
pub(super) fn positive(setting: &str, value: f64) -> Result<(), SettingError> {
    let right = value > 0.0 && value.is_finite();
    SettingError::unless(right, setting, "a finite number above 0", value)
}
