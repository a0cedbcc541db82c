//! The data sets inside the library, by name.

pub(crate) mod digits;
pub(crate) mod iris;

use crate::{Digits, Iris};
use tanren_plugin::{Plugin, Source};

/// The names of all embedded data sets.
pub const EMBEDDED: &[&str] = &["digits", "iris"];

/// The embedded data set of this name, one of [`EMBEDDED`].
#[must_use]
pub fn embedded(name: &str) -> Option<Plugin<dyn Source>> {
    match name {
        "digits" => Some(Digits {}.into()),
        "iris" => Some(Iris {}.into()),
        _ => None,
    }
}
