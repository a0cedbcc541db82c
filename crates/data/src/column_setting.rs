//! A setting for one column as a recipe in TOML has it, for messages: `formats."net.price" = "1.234,5 €"`.

use std::fmt::{Display, Write as _};

/// What stands for a notation that a message does not know.
pub(crate) const ANY: &str = "…";

/// The setting by which the numbers or times of a column are written like `example`.
pub(crate) fn format_of(column: &str, example: impl Display) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    // A number alone would be a place in a list.
    let plain = column.chars().all(bare) && column.contains(|c: char| !c.is_ascii_digit());
    let key = if plain { column.to_owned() } else { quoted(column) };
    format!("formats.{key} = {}", quoted(&example.to_string()))
}

/// A text of TOML on one line. Messages have settings in backquotes, so none stands inside of one.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() || c == '`' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c)); // a String takes any text
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::format_of;

    #[test]
    fn a_name_stands_in_quotes_unless_it_is_bare() {
        for (column, said) in [
            ("price_2-a", "formats.price_2-a = \"1.5\""),
            ("net.price", "formats.\"net.price\" = \"1.5\""),
            ("my day", "formats.\"my day\" = \"1.5\""),
            ("", "formats.\"\" = \"1.5\""),
            ("3", "formats.\"3\" = \"1.5\""),
            ("Größe", "formats.\"Größe\" = \"1.5\""),
            ("a\"b\\`\n", "formats.\"a\\\"b\\\\\\u0060\\u000a\" = \"1.5\""),
        ] {
            assert_eq!(format_of(column, "1.5"), said);
        }
        assert_eq!(format_of("x", "1.5\""), "formats.x = \"1.5\\\"\"");
    }
}
