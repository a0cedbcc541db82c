//! `SettingError`: a setting of a plugin that is out of its range.

use std::fmt;

/// A setting with a value it cannot have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError {
    /// The setting, as recipes spell it; inside a plugin that holds others, the path to it.
    pub setting: String,
    /// What would have been accepted.
    pub expected: String,
    /// What was there.
    pub found: String,
}

impl SettingError {
    /// A wrong value of `setting`.
    pub fn new(
        setting: impl fmt::Display,
        expected: impl fmt::Display,
        found: impl fmt::Display,
    ) -> Self {
        let (setting, expected) = (setting.to_string(), expected.to_string());
        Self { setting, expected, found: found.to_string() }
    }

    /// An error unless the value of `setting` is `right`.
    ///
    /// # Errors
    /// When it is not.
    pub fn unless(
        right: bool,
        setting: &str,
        expected: &str,
        found: impl fmt::Debug,
    ) -> Result<(), Self> {
        if right { Ok(()) } else { Err(Self::new(setting, expected, format!("{found:?}"))) }
    }

    /// The same error of a plugin that is itself the value of a setting.
    #[must_use]
    pub fn inside(mut self, setting: &str) -> Self {
        self.setting = format!("{setting}.{}", self.setting);
        self
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, found {}", self.setting, self.expected, self.found)
    }
}

impl std::error::Error for SettingError {}
