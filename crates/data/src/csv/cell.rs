//! What the text of a cell says: that it is missing, a number, or neither.

use std::borrow::Cow;
use tanren_plugin::{Marks, Skeleton, TimeOrder};

/// Whether a text is a number and nothing else, with a point or a comma before its fraction.
pub(super) fn is_number(text: &str) -> bool {
    let comma = || {
        let one = text.contains(',') && !text.contains('.');
        one && text.replacen(',', ".", 1).parse::<f64>().is_ok()
    };
    text.parse::<f64>().map_or_else(|_| comma(), |x| !x.is_nan())
}

/// Whether a text is a value rather than a name: a number in any notation, with a currency or a
/// percent sign, or a date.
pub(super) fn is_value(text: &str) -> bool {
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    if is_number(text) {
        return true;
    }
    let skeleton = Skeleton::of(text).filter(|s| {
        (s.prefix.is_empty() || is_currency(s.prefix))
            && (matches!(s.suffix, "" | "%") || is_currency(s.suffix))
            && Marks::ALL.iter().any(|marks| s.number(*marks).is_some())
    });
    skeleton.is_some() || TimeOrder::WRITTEN.iter().any(|order| order.days(text).is_some())
}

/// Whether what stands before or after a number is a currency.
pub(super) fn is_currency(affix: &str) -> bool {
    const CODES: [&str; 31] = [
        "USD", "EUR", "GBP", "JPY", "CNY", "CHF", "CAD", "AUD", "NZD", "INR", "BRL", "MXN", "RUB",
        "KRW", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "TRY", "ZAR", "SGD", "HKD", "Rs", "Rs.",
        "kr", "kr.", "zł", "Kč", "Fr.",
    ];
    let symbol = |c: char| "$€£¥₹₽₩₺₴₫฿₪₱¢".contains(c);
    // US$, R$, A$
    let code = || affix.len() <= 4 && CODES.contains(&affix);
    affix.ends_with(symbol) && affix.chars().count() <= 3 || code()
}

/// The words that say that a cell is missing.
pub(super) struct Words {
    words: Vec<String>,
    /// Those that are numbers, which may be written in other ways: -999 and -999.0.
    numbers: Vec<f64>,
    /// With which bytes a missing cell may begin, and whether it may be empty.
    starts: [bool; 256],
    empty: bool,
}

impl Words {
    pub(super) fn new(words: &[String]) -> Self {
        let words: Vec<String> = words.iter().map(|word| word.trim().to_owned()).collect();
        let number = |word: &String| word.parse::<f64>().ok().filter(|x| x.is_finite());
        let numbers: Vec<f64> = words.iter().filter_map(number).collect();
        // In other languages upper and lower case may begin with any byte.
        let ascii = words.iter().all(|word| word.is_ascii());
        let begins = |byte: u8| {
            let begins =
                |word: &String| word.bytes().next().is_some_and(|b| b.eq_ignore_ascii_case(&byte));
            let numeric = byte.is_ascii_digit() || b"+-.".contains(&byte);
            !ascii || words.iter().any(begins) || !numbers.is_empty() && numeric
        };
        let mut starts = [false; 256];
        (0..=u8::MAX).zip(&mut starts).for_each(|(byte, start)| *start = begins(byte));
        let empty = words.iter().any(String::is_empty);
        Self { words, numbers, starts, empty }
    }

    /// Whether a cell without blanks around it is one of them, in upper case or lower.
    pub(super) fn missing(&self, cell: &str) -> bool {
        match cell.bytes().next() {
            Some(first) if !self.starts[usize::from(first)] => return false,
            None => return self.empty,
            Some(_) => {}
        }
        let lower = |text: &str| text.to_lowercase();
        let called = |word: &String| {
            word.eq_ignore_ascii_case(cell) || (!word.is_ascii() && lower(word) == lower(cell))
        };
        let equal = || cell.parse::<f64>().is_ok_and(|x| self.numbers.contains(&x));
        self.words.iter().any(called) || (!self.numbers.is_empty() && equal())
    }
}

/// Whether a word is usual for what is missing among numbers, whatever the settings say: nobody means
/// a category by it.
pub(super) fn is_placeholder(word: &str) -> bool {
    const WORDS: [&str; 24] = [
        "-",
        "--",
        "---",
        ".",
        "..",
        "*",
        "n/a",
        "n.a.",
        "n.a",
        "na",
        "null",
        "nil",
        "none",
        "missing",
        "unknown",
        "err",
        "error",
        "#n/a",
        "#value!",
        "#ref!",
        "#div/0!",
        "#num!",
        "inf?",
        "not available",
    ];
    let lower = word.to_lowercase();
    WORDS.contains(&lower.trim_matches(['<', '>', '(', ')', '[', ']']))
}

/// A text as messages show it: in quotes, and not all of a long one.
pub(super) fn quoted(text: &str) -> String {
    format!("{:?}", clipped(text))
}

/// The beginning of a text.
pub(super) fn clipped(text: &str) -> Cow<'_, str> {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()).into(),
        None => text.into(),
    }
}

/// The first of some names, and how many there are.
pub(super) fn listed<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 20;
    let more = names.len().saturating_sub(SHOWN);
    let shown: Vec<_> = names.take(SHOWN).map(clipped).collect();
    let shown = shown.join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}
