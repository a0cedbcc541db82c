//! Names as recipes spell them, and documentation as plain text.

use syn::meta::ParseNestedMeta;
use syn::{Ident, LitStr};

/// How the names of fields or variants are spelt.
#[derive(Clone, Copy, Default)]
pub(crate) enum Case {
    /// As they are declared.
    #[default]
    Own,
    /// `bias-init`.
    Kebab,
}

impl Case {
    /// The value of `rename_all`.
    pub(crate) fn read(meta: &ParseNestedMeta<'_>) -> syn::Result<Self> {
        match meta.value()?.parse::<LitStr>()?.value().as_str() {
            "kebab-case" => Ok(Self::Kebab),
            _ => Err(meta.error("settings are spelt in `kebab-case`")),
        }
    }

    /// The name of a field, `bias_init`.
    pub(crate) fn field(self, name: &Ident) -> String {
        let name = name.to_string();
        let name = name.trim_start_matches("r#");
        match self {
            Self::Own => name.to_owned(),
            Self::Kebab => name.replace('_', "-"),
        }
    }

    /// The name of a variant, `FanIn`.
    pub(crate) fn variant(self, name: &Ident) -> String {
        let name = name.to_string();
        match self {
            Self::Own => name,
            Self::Kebab => {
                let mut spelt = String::new();
                for (at, letter) in name.char_indices() {
                    if letter.is_uppercase() && at > 0 {
                        spelt.push('-');
                    }
                    spelt.extend(letter.to_lowercase());
                }
                spelt
            }
        }
    }
}

/// Documentation without marks: of a link its text, no backticks, no asterisks for emphasis, no escapes.
/// What stands between backticks stays as it is.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    let mut linked = false;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        rest = match letter {
            '\\' => {
                let escaped = after.chars().next();
                plain.extend(escaped);
                &after[escaped.map_or(0, char::len_utf8)..]
            }
            '`' => {
                let (code, beyond) = after.split_once('`').unwrap_or((after, ""));
                plain.push_str(code);
                beyond
            }
            '*' => after,
            '[' if link(after) => {
                linked = true;
                after
            }
            ']' if linked => {
                linked = false;
                let address = after.strip_prefix('(').and_then(|address| address.split_once(')'));
                address.map_or(after, |(_, beyond)| beyond)
            }
            _ => {
                plain.push(letter);
                after
            }
        };
    }
    plain
}

/// Whether a bracket before this text begins a link.
fn link(text: &str) -> bool {
    text.starts_with('`') || text.split_once(']').is_some_and(|(_, after)| after.starts_with('('))
}
