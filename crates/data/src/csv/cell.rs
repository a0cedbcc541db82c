//! What the text of a cell says: that it is missing, a number, or neither.

/// What stands before the fraction of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Decimal {
    #[default]
    Point,
    Comma,
}

/// The number a text is, infinite where it overflows or says so; `None` where it is no number.
pub(super) fn number(text: &str, decimal: Decimal) -> Option<f64> {
    match decimal {
        Decimal::Point => text.parse().ok(),
        Decimal::Comma if text.contains('.') => None,
        Decimal::Comma => text.replacen(',', ".", 1).parse().ok(),
    }
}

/// The words that say that a cell is missing.
pub(super) struct Words(Vec<String>);

impl Words {
    pub(super) fn new(words: &[String]) -> Self {
        Self(words.iter().map(|word| word.trim().to_owned()).collect())
    }

    /// Whether a cell without blanks around it is one of them, in upper case or lower.
    pub(super) fn missing(&self, cell: &str) -> bool {
        let lower = |text: &str| text.to_lowercase();
        self.0.iter().any(|word| {
            word.eq_ignore_ascii_case(cell) || (!word.is_ascii() && lower(word) == lower(cell))
        })
    }
}

/// A text as messages show it: in quotes, and not all of a long one.
pub(super) fn quoted(text: &str) -> String {
    format!("{:?}", clipped(text))
}

/// The beginning of a text.
pub(super) fn clipped(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The first of some names, and how many there are.
pub(super) fn listed<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 20;
    let more = names.len().saturating_sub(SHOWN);
    let shown: Vec<String> = names.take(SHOWN).map(clipped).collect();
    let shown = shown.join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}
