//! `tokens`: the year, month and day of a date, in the order in which they are written.

/// A number or the name of a month.
#[derive(Clone, Copy)]
pub(super) struct Token {
    pub(super) number: u32,
    pub(super) digits: usize,
    pub(super) named: bool,
}

/// The two or three parts of the date that a text begins with, how many they are, and what follows.
pub(super) fn tokens(text: &str) -> Option<([Token; 3], usize, &str)> {
    let mut tokens = [Token { number: 0, digits: 0, named: false }; 3];
    let (mut count, mut rest) = (0, text);
    while count < 3 {
        let letters = rest.chars().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let token = if letters > 0 {
            let name = &rest[..letters];
            if count == 0 && is_weekday(name) {
                rest = rest[letters..].trim_start_matches(['.', ',', ' ']);
                continue;
            }
            Token { number: month(name)?, digits: 1, named: true }
        } else if (1..=4).contains(&digits) {
            Token { number: rest[..digits].parse().ok()?, digits, named: false }
        } else {
            return None;
        };
        // A time of day: the date has ended before it.
        if !token.named && rest[digits..].starts_with(':') {
            return (count == 2).then_some((tokens, count, rest));
        }
        tokens[count] = token;
        count += 1;
        let after = &rest[letters.max(digits)..];
        let next = after.trim_start_matches(['-', '/', '.', ',', ' ']);
        if count == 3 || next.is_empty() {
            // In numbers alone a point would make 2024.5 a date.
            let plain = tokens.iter().all(|token| !token.named) && count == 2;
            let dated = !(plain && text.contains(['.', ',', ' ']));
            return (count >= 2 && dated).then_some((tokens, count, after));
        }
        if after.len() == next.len() && !token.named && !next.starts_with(char::is_alphabetic) {
            return None;
        }
        rest = next;
    }
    None
}

const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "jänner"],
    &["february", "februar"],
    &["march", "märz", "mrz"],
    &["april"],
    &["may", "mai"],
    &["june", "juni"],
    &["july", "juli"],
    &["august"],
    &["september"],
    &["october", "oktober"],
    &["november"],
    &["december", "dezember"],
];

/// The most bytes of a name that may be a month's, in any case.
const LONGEST: usize = 16;

/// The month that a name of three letters or more is the beginning of.
fn month(name: &str) -> Option<u32> {
    if !(3..=LONGEST).contains(&name.len()) {
        return None;
    }
    let name = name.to_lowercase();
    let called = |names: &&[&str]| names.iter().any(|full| full.starts_with(&name));
    let place = MONTHS.iter().position(called)?;
    (name.chars().count() >= 3).then_some(place as u32 + 1)
}

fn is_weekday(name: &str) -> bool {
    const DAYS: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let name = name.to_ascii_lowercase();
    name.len() >= 3 && DAYS.iter().any(|day| day.starts_with(&name))
}
