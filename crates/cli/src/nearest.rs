//! The nearest valid name to a mistyped one.

/// The least Jaro–Winkler similarity that is worth a suggestion.
const SIMILAR: f64 = 0.75;

/// The name most like `typed`, if one is.
pub(crate) fn nearest<'a>(
    typed: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&typed, &name.to_lowercase()), name))
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// A message of serde, "unknown field `x`, expected …", with the nearest of the expected names.
pub(crate) fn suggest(message: &str) -> String {
    let unknown = message.starts_with("unknown ");
    let mut quoted = message.split('`').skip(1).step_by(2);
    let typed = quoted.next().filter(|_| unknown);
    match typed.and_then(|typed| nearest(typed, quoted)) {
        Some(name) => {
            let (what, expected) = message.split_once(", ").unwrap_or((message, ""));
            format!("{what}; did you mean `{name}`? ({expected})")
        }
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_what_is_near() {
        assert_eq!(nearest("digit", ["iris", "digits"]), Some("digits"));
        assert_eq!(nearest("Iris", ["iris", "digits"]), Some("iris"));
        assert_eq!(nearest("mnist", ["relu"]), None);
        let message = "unknown variant `adamm`, expected one of `adam`, `momentum`";
        let better =
            "unknown variant `adamm`; did you mean `adam`? (expected one of `adam`, `momentum`)";
        assert_eq!(suggest(message), better);
        assert_eq!(suggest("missing field `data`"), "missing field `data`");
    }
}
