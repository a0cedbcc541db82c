//! `Figures`: how numbers are written: their marks, and what stands before and after them.

use std::fmt;

/// The marks of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Marks {
    /// What stands before the fraction: `.` or `,`.
    pub decimal: char,
    /// What may stand between groups of digits: `,`, `.`, a blank or `'`.
    pub group: Option<char>,
}

impl Marks {
    /// All that are read, the most usual first.
    pub const ALL: [Self; 7] = [
        Self { decimal: '.', group: None },
        Self { decimal: ',', group: None },
        Self { decimal: '.', group: Some(',') },
        Self { decimal: ',', group: Some('.') },
        Self { decimal: '.', group: Some(' ') },
        Self { decimal: ',', group: Some(' ') },
        Self { decimal: '.', group: Some('\'') },
    ];

    /// The number that digits with these marks are.
    fn number(self, body: &str) -> Option<f64> {
        let (mut digits, mut length) = ([0_u8; 64], 0);
        // How many digits stand in the group so far, and whether a group mark was met.
        let (mut group, mut grouped, mut fraction) = (0, false, false);
        let mut put = |byte: u8| {
            *digits.get_mut(length)? = byte;
            length += 1;
            Some(())
        };
        let mut rest = body.chars();
        while let Some(c) = rest.next() {
            match c {
                '0'..='9' => {
                    put(c as u8)?;
                    group += 1;
                }
                'e' | 'E' => {
                    put(b'e')?;
                    rest.try_for_each(|c| u8::try_from(c).ok().and_then(&mut put))?;
                    break;
                }
                c if c == self.decimal && !fraction => {
                    if grouped && group != 3 {
                        return None;
                    }
                    put(b'.')?;
                    (fraction, grouped) = (true, false);
                }
                c if self.group == Some(plain(c)) && !fraction => {
                    // In India the groups before the last have two digits: 12,34,567.
                    let right = match (grouped, c) {
                        (false, _) => (1..=3).contains(&group) && !body.starts_with('0'),
                        (true, ',') => group == 2 || group == 3,
                        (true, _) => group == 3,
                    };
                    if !right {
                        return None;
                    }
                    (group, grouped) = (0, true);
                }
                _ => return None,
            }
        }
        if grouped && group != 3 {
            return None;
        }
        std::str::from_utf8(digits.get(..length)?).ok()?.parse().ok()
    }
}

impl Default for Marks {
    fn default() -> Self {
        Self::ALL[0]
    }
}

/// A mark as [`Marks`] names it, of several that look alike.
const fn plain(mark: char) -> char {
    match mark {
        '\u{a0}' | '\u{2009}' | '\u{202f}' => ' ',
        '\u{2019}' => '\'',
        other => other,
    }
}

/// A text that may be a number, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skeleton<'a> {
    /// Whether there is a minus, or brackets as in accounts: `(12)` is −12.
    pub negative: bool,
    /// What stands before the digits.
    pub prefix: &'a str,
    /// Digits and marks.
    pub body: &'a str,
    /// What stands after them.
    pub suffix: &'a str,
}

/// The longest text before or after a number.
const AFFIX: usize = 16;

impl<'a> Skeleton<'a> {
    /// The parts of a text with a digit in it; `None` where it cannot be a number.
    #[must_use]
    pub fn of(text: &'a str) -> Option<Self> {
        let mut text = text.trim();
        let mut negative = false;
        if let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
            (text, negative) = (inner.trim(), true);
        }
        let mut start = text.find(|c: char| c.is_ascii_digit())?;
        // A fraction may begin with its mark: .5
        if let Some(before) = text[..start].strip_suffix(['.', ','])
            && !before.ends_with(char::is_alphabetic)
        {
            start -= 1;
        }
        let end = start + body_length(&text[start..]);
        let (mut prefix, body, mut suffix) = (&text[..start], &text[start..end], &text[end..]);
        let mut signed = false;
        let mut sign = |affix: &mut &'a str, ends: bool| {
            let trimmed = affix.trim();
            for (mark, minus) in [('-', true), ('\u{2212}', true), ('+', false)] {
                let rest = match ends {
                    true => trimmed.strip_suffix(mark),
                    false => trimmed.strip_prefix(mark),
                };
                if let Some(rest) = rest.filter(|_| !signed) {
                    (*affix, signed) = (rest.trim(), true);
                    negative |= minus;
                    return;
                }
            }
            *affix = trimmed;
        };
        sign(&mut prefix, true); // $-5
        sign(&mut prefix, false); // -$5
        if suffix == "-" {
            sign(&mut suffix, false); // 5-
        }
        suffix = suffix.trim();
        let sound = |affix: &str| {
            affix.chars().count() <= AFFIX && !affix.contains(['-', ':', '(', ')', '"', ';', '='])
        };
        let parts = Self { negative, prefix, body, suffix };
        (sound(prefix) && sound(suffix) && is_unit(suffix)).then_some(parts)
    }

    /// The number its digits are with these marks.
    #[must_use]
    pub fn number(&self, marks: Marks) -> Option<f64> {
        marks.number(self.body).map(|x| if self.negative { -x } else { x })
    }
}

/// Whether what follows a number may be its unit: `kg`, `%`, `/month`, `m2`.
fn is_unit(suffix: &str) -> bool {
    let digits = suffix.bytes().filter(u8::is_ascii_digit).count();
    let first = suffix.strip_prefix('/').unwrap_or(suffix).chars().next();
    digits <= 1 && first.is_none_or(|c| !c.is_ascii_digit() && !"/.,'".contains(c))
}

/// The length of the digits and marks that a text begins with, an exponent included.
fn body_length(text: &str) -> usize {
    let mut end = 0;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let digit_follows = rest.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        match c {
            '0'..='9' => end = at + 1,
            '.' | ',' | ' ' | '\'' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2019}'
                if digit_follows => {}
            // A decimal mark may end a number: 5.
            '.' | ',' if at == end && rest.peek().is_none() => end = at + 1,
            'e' | 'E' => {
                let exponent = &text[at + 1..];
                let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
                let count = digits.bytes().take_while(u8::is_ascii_digit).count();
                if count > 0 {
                    end = text.len() - digits.len() + count;
                }
                break;
            }
            _ => break,
        }
    }
    end
}

/// How numbers are written: `1,234.5`, `1.234,5 €`, `12 %`, `1.5K`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Figures {
    /// The marks.
    pub marks: Marks,
    /// What may stand before a number, such as `$`.
    pub prefix: String,
    /// What may stand after it, such as `kg`; only a percent sign may not be left out.
    pub suffix: String,
    /// Whether `K`, `M`, `B` or `T` after a number multiply it by a thousand, a million and so on.
    pub multiples: bool,
}

impl Figures {
    /// Whether these are numbers as programs write them.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// The number that a text is.
    #[must_use]
    pub fn value(&self, text: &str) -> Option<f64> {
        if self.is_plain()
            && let Ok(number) = text.trim().parse()
        {
            return Some(number);
        }
        let skeleton = Skeleton::of(text)?;
        let number = skeleton.number(self.marks)?;
        if !(skeleton.prefix.is_empty() || skeleton.prefix == self.prefix) {
            return None;
        }
        if self.multiples {
            return Self::multiple(skeleton.suffix).map(|factor| number * factor);
        }
        let bare = skeleton.suffix.is_empty() && self.suffix != "%";
        (bare || skeleton.suffix == self.suffix).then_some(number)
    }

    /// What a letter after a number multiplies it by; nothing by 1.
    #[must_use]
    pub fn multiple(suffix: &str) -> Option<f64> {
        Some(match suffix {
            "" => 1.0,
            "k" | "K" => 1e3,
            "M" => 1e6,
            "B" => 1e9,
            "T" => 1e12,
            _ => return None,
        })
    }

    /// How the number of an example is written.
    pub(super) fn of_example(example: &str) -> Option<Self> {
        let skeleton = Skeleton::of(example)?;
        let decided =
            skeleton.body.contains(['.', ',', ' ', '\'', '\u{a0}', '\u{202f}', '\u{2019}']);
        let mut fits = Marks::ALL.into_iter().filter(|marks| skeleton.number(*marks).is_some());
        // 1,234 and 1.234 alone: one with three digits after its only mark has a group.
        let one = skeleton.body.len() - skeleton.body.find([',', '.']).unwrap_or(0) == 4;
        let marks = match decided && one {
            true => fits.clone().find(|marks| marks.group.is_some()).or_else(|| fits.next()),
            false => fits.next(),
        }?;
        let multiples = matches!(skeleton.suffix, "k" | "K" | "M" | "B" | "T");
        let suffix = if multiples { "" } else { skeleton.suffix };
        Some(Self { marks, prefix: skeleton.prefix.into(), suffix: suffix.into(), multiples })
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.prefix)?;
        if self.prefix.ends_with(char::is_alphabetic) {
            f.write_str(" ")?;
        }
        let group = self.marks.group.map_or(String::new(), String::from);
        write!(f, "1{group}234{}5", self.marks.decimal)?;
        match self.multiples {
            true => f.write_str("K"),
            false if self.suffix.starts_with(char::is_alphabetic) => write!(f, " {}", self.suffix),
            false => f.write_str(&self.suffix),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(example: &str) -> Figures {
        Figures::of_example(example).unwrap()
    }

    #[test]
    fn numbers_in_many_notations() {
        for (example, text, number) in [
            ("1,234.5", "1,234", Some(1234.0)),
            ("1,234.5", "-1,234,567.25", Some(-1_234_567.25)),
            ("1,234.5", "12,34,567", Some(1_234_567.0)), // India
            ("1,234.5", "12,34", None),
            ("1,234.5", "1234.5", Some(1234.5)),
            ("1,234.5", ",234", None),
            ("1,234.5", "0,234", None),
            ("1.234,5", "1.724,74", Some(1724.74)),
            ("1.234,5", "1.724.000", Some(1_724_000.0)),
            ("1.234,5", "1.5", None),
            ("1234,5", "0,5", Some(0.5)),
            ("1234,5", "1.5", None),
            ("1 234,5", "12\u{202f}345,6", Some(12_345.6)),
            ("1'234.5", "1’234.5", Some(1234.5)),
            ("$1,234.5", "$1,000", Some(1000.0)),
            ("$1,234.5", "-$1,000.5", Some(-1000.5)),
            ("$1,234.5", "$-7", Some(-7.0)),
            ("$1,234.5", "($7)", Some(-7.0)),
            ("$1,234.5", "7", Some(7.0)),
            ("$1,234.5", "€7", None),
            ("1234.5%", "12 %", Some(12.0)),
            ("1234.5%", "12", None), // 12, or 12 %?
            ("1234.5 kg", "5kg", Some(5.0)),
            ("1234.5 kg", "5 g", None),
            ("1234.5K", "1.5M", Some(1.5e6)),
            ("1234.5K", "12", Some(12.0)),
            ("1234.5 km/h", "12 km/h", Some(12.0)),
            ("1234.5", "1e3", Some(1000.0)),
            ("1234,5", "1,5e3", Some(1500.0)),
            ("1234,5", "7-", Some(-7.0)),
            ("1234,5", "\u{2212}7", Some(-7.0)),
        ] {
            assert_eq!(figures(example).value(text), number, "{text} as {example}");
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in ["", "abc", "2024-12-31", "12:30", "1/2", "3 (approx)", "5;6", "a=1"] {
            let parts = Skeleton::of(text);
            let number = parts.is_some_and(|p| p.suffix.is_empty() && p.prefix.is_empty());
            assert!(!number, "{text}: {parts:?}");
        }
    }
}
