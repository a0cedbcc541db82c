//! `Checked`: what all plugins have in common.

use crate::{About, SettingError};
use std::fmt;

/// What all plugins have in common: they can be printed and sent between threads, their settings
/// have ranges, and they can say what these are.
///
/// `#[derive(Checked)]` takes the descriptions from the documentation of the type and its fields, and
/// the ranges from `#[setting(…)]`:
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// use tanren_plugin::Checked;
///
/// /// Keeps the largest numbers.
/// #[derive(Debug, Serialize, Deserialize, Checked)]
/// #[serde(deny_unknown_fields)]
/// struct Largest {
///     /// How many are kept.
///     #[setting(from = 1)]
///     kept: usize,
///     /// What the others become.
///     #[serde(default)]
///     rest: f64,
/// }
///
/// let error = Largest { kept: 0, rest: 0.0 }.check().unwrap_err();
/// assert_eq!(error.to_string(), "kept: expected at least 1, found 0");
/// let error = Largest { kept: 1, rest: f64::NAN }.check().unwrap_err();
/// assert_eq!(error.to_string(), "rest: expected a finite number, found NaN");
/// let about = Largest { kept: 1, rest: 0.0 }.about().unwrap();
/// assert_eq!(about.summary, "Keeps the largest numbers.");
/// assert!(!about.settings[0].optional && about.settings[1].optional);
/// ```
///
/// On a field, `from`, `above`, `to` and `below` bound its numbers, which are finite in any case;
/// `check = path` calls `path("name", &field)`, and `kind = path` says by `path()` how it is written where
/// that does not follow from its type. On the type, `also = path` calls `path(&self)`
/// last, for what concerns several settings. A plugin that does without the macro needs no more than
/// `impl Checked for Isru {}`; it is listed without a description.
pub trait Checked: fmt::Debug + Send + Sync {
    /// Whether every setting is in its range: asked when a recipe or a model is read, and before
    /// training.
    ///
    /// # Errors
    /// The first setting that is not.
    fn check(&self) -> Result<(), SettingError> {
        Ok(())
    }

    /// What it is and which settings it has, if it says so.
    fn about(&self) -> Option<About> {
        None
    }
}
