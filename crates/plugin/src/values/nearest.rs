//! The nearest valid name to a mistyped one.

/// The least Jaro–Winkler similarity that is worth a suggestion.
const SIMILAR: f64 = 0.75;

/// Characters of a name that are compared: data may hold names of any length.
const COMPARED: usize = 100;

/// The name most like `typed`, if one is: by Jaro–Winkler similarity, without regard to case.
#[must_use]
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let start = |name: &str| name.chars().take(COMPARED).collect::<String>().to_lowercase();
    let typed = start(typed);
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&typed, &start(name)), name))
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_what_is_near() {
        assert_eq!(nearest("digit", ["iris", "digits"]), Some("digits"));
        assert_eq!(nearest("Iris", ["iris", "digits"]), Some("iris"));
        assert_eq!(nearest("mnist", ["relu"]), None);
        assert_eq!(nearest("", ["relu"]), None);
    }
}
