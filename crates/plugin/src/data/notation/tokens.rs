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
            let weekday = count == 0 && month(name).is_none() && is_weekday(name); // Mar is March
            if weekday || count > 0 && is_filler(name) {
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

/// The months in English, German, French, Spanish, Italian, Portuguese and Dutch.
const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "jänner", "janvier", "enero", "gennaio", "janeiro"],
    &["february", "februar", "février", "fevrier", "febrero", "febbraio", "fevereiro"],
    &["march", "märz", "mrz", "mars", "marzo", "março", "marco", "maart"],
    &["april", "avril", "abril", "aprile"],
    &["may", "mai", "mayo", "maggio", "maio", "mei"],
    &["june", "juni", "juin", "junio", "giugno", "junho"],
    &["july", "juli", "juillet", "julio", "luglio", "julho"],
    &["august", "août", "aout", "agosto", "augustus"],
    &["september", "septembre", "septiembre", "settembre", "setembro"],
    &["october", "oktober", "octobre", "octubre", "ottobre", "outubro"],
    &["november", "novembre", "noviembre", "novembro"],
    &["december", "dezember", "décembre", "decembre", "diciembre", "dicembre", "dezembro"],
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

/// Whether a word is the name of a day of the week, or the beginning of it.
fn is_weekday(name: &str) -> bool {
    const DAYS: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    const OTHERS: [&str; 35] = [
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonntag",
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "lunes",
        "martes",
        "miércoles",
        "jueves",
        "viernes",
        "sábado",
        "domingo",
        "lunedì",
        "martedì",
        "mercoledì",
        "giovedì",
        "venerdì",
        "sabato",
        "domenica",
        "maandag",
        "dinsdag",
        "woensdag",
        "donderdag",
        "vrijdag",
        "zaterdag",
        "zondag",
    ];
    const SHORT: [&str; 7] = ["mo", "di", "mi", "do", "fr", "sa", "so"];
    let name = name.to_lowercase();
    let begins = |day: &str| name.chars().count() >= 3 && day.starts_with(&name);
    SHORT.contains(&name.as_str()) || DAYS.iter().chain(&OTHERS).any(|day| begins(day))
}

/// Whether a word in a date says nothing: 31 de diciembre de 2024, the 31st of December.
fn is_filler(name: &str) -> bool {
    ["de", "of", "del"].contains(&name)
}
