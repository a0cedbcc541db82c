//! Ranges that settings of several updaters share.

use tanren_plugin::SettingError;

/// A share of what was, such as a momentum: at 1 nothing would ever be forgotten.
pub(crate) fn share(setting: &str, value: f64) -> Result<(), SettingError> {
    let right = (0.0..1.0).contains(&value);
    SettingError::unless(right, setting, "a number from 0 to below 1", value)
}
