//! `form`: one way to write a text of which Unicode has several.

use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// A text with composed letters and without blanks around it, no-break spaces among them: what file
/// systems and spreadsheets write in their own ways.
pub(crate) fn form(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    match text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        true => text.into(),
        false => text.nfc().collect::<String>().into(),
    }
}
