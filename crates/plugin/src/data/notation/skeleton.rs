//! `Skeleton`: a text that may be a number, taken apart.

use super::Marks;

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
    /// Whether a blank stands between the two.
    pub apart: bool,
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
        if let Some((before, inner)) = text.strip_suffix(')').and_then(|text| text.split_once('('))
            && !before.contains(|c: char| c.is_ascii_digit())
            && !inner.contains('(')
        {
            // $(5) is −$5.
            let parts =
                Self::of(inner).filter(|parts| parts.prefix.is_empty() && !parts.negative)?;
            return is_affix(before).then_some(Self {
                prefix: before.trim(),
                negative: true,
                ..parts
            });
        }
        let mut start = text.find(|c: char| c.is_ascii_digit())?;
        // A fraction may begin with its mark: .5
        if let Some(before) = text[..start].strip_suffix(['.', ','])
            && !before.ends_with(char::is_alphabetic)
        {
            start -= 1;
        }
        let mut end = start + body_length(&text[start..]);
        let mut after = &text[end..];
        // A dash may stand for no cents: 5.-
        if let Some(rest) = after.strip_prefix([',', '.'])
            && rest.starts_with(DASHES)
        {
            end += 1;
            after = rest.trim_start_matches(DASHES);
        }
        let (mut prefix, body, mut suffix) = (&text[..start], &text[start..end], after);
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
        let apart = after.starts_with(char::is_whitespace) && !suffix.is_empty();
        let parts = Self { negative, prefix, body, suffix, apart };
        let number = is_affix(prefix) && is_affix(suffix) && is_unit(suffix);
        (number && (apart || !is_based(body, suffix))).then_some(parts)
    }

    /// The number its digits are with these marks.
    #[must_use]
    pub fn number(&self, marks: Marks) -> Option<f64> {
        marks.number(self.body).map(|x| if self.negative { -x } else { x })
    }
}

/// What may stand for cents that there are none of.
const DASHES: [char; 3] = ['-', '\u{2013}', '\u{2014}'];

/// Whether a text may stand before or after a number.
fn is_affix(text: &str) -> bool {
    text.chars().count() <= AFFIX && !text.contains(['-', ':', '(', ')', '"', ';', '='])
}

/// Whether digits are those of another base, as programs write them: `0x1A`, `0b10`, `0o17`.
fn is_based(zero: &str, rest: &str) -> bool {
    let mut digits = rest.chars();
    let base = match digits.next() {
        Some('x' | 'X') => 16,
        Some('o' | 'O') => 8,
        Some('b' | 'B') => 2,
        _ => return false,
    };
    zero == "0" && rest.len() > 1 && digits.all(|c| c.is_digit(base))
}

/// Whether what follows a number may be its unit: `kg`, `%`, `/month`, `m2`.
fn is_unit(suffix: &str) -> bool {
    let digits = suffix.bytes().filter(u8::is_ascii_digit).count();
    let first = suffix.strip_prefix('/').unwrap_or(suffix).chars().next();
    // 4½ and 5² are other numbers than 4 and 5, but m² is a unit.
    digits <= 1 && first.is_none_or(|c| !c.is_numeric() && !"/.,'".contains(c))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number() {
        for text in
            ["", "abc", "2024-12-31", "12:30", "1/2", "3 (approx)", "5;6", "a=1", "0x1A", "0b10"]
        {
            let parts = Skeleton::of(text);
            let number = parts.is_some_and(|p| p.suffix.is_empty() && p.prefix.is_empty());
            assert!(!number, "{text}: {parts:?}");
        }
    }
}
