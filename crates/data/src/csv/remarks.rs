//! What is said about the columns of a file: how they are read, or why they are not.

use super::cell::quoted;
use super::evidence::{Commas, Evidence};
use super::level_set::LevelSet;
use super::verdict::Found;
use crate::Csv;
use crate::column_setting::{ANY, format_of};
use crate::file::notes::counted;
use tanren_plugin::{Figures, Notation, TimeOrder};

/// What makes a guess of an order one.
const ANOTHER: &str = "; year, month and day might stand in another order";

/// How the numbers of a column are read, where that is not plain.
pub(super) fn written(name: &str, found: &Found, evidence: &Evidence) -> Option<String> {
    let Found { notation, ambiguous, .. } = found;
    match notation {
        _ if notation.is_plain() => None,
        Notation::Number(figures) => {
            let mut like = notation.to_string();
            if let Some(letter) = evidence.letter().filter(|_| figures.multiples) {
                like = like.trim_end_matches('K').to_owned() + letter;
            }
            let unit = figures.suffix.as_str();
            let multiples = Figures { suffix: String::new(), multiples: true, ..figures.clone() };
            let other = match Figures::multiple(unit).filter(|_| Figures::may_be_unit(unit)) {
                Some(factor) => format!(
                    ", {unit} taken for a unit; if it means times {factor}, say so: \
                     `{}`",
                    format_of(name, multiples)
                ),
                None => String::new(),
            };
            Some(format!("column {name}: read as numbers written like {like}{other}"))
        }
        Notation::Time(order) => {
            let (otherwise, order) = match (ambiguous, order) {
                (false, _) => (format_of(name, ANY), ""),
                (true, TimeOrder::DayMonthYear) => {
                    (format_of(name, TimeOrder::MonthDayYear), ANOTHER)
                }
                (true, _) => (format_of(name, TimeOrder::DayMonthYear), ANOTHER),
            };
            Some(format!(
                "column {name}: read as times written like {notation} (`{otherwise}` says \
                 otherwise{order})"
            ))
        }
    }
}

/// What is lost of numbers with very many digits.
pub(super) fn long_numbers(name: &str, count: usize, first: &str) -> String {
    let cells = counted(count, "cell");
    let have = if count == 1 { "has" } else { "have" };
    format!(
        "column {name}: {cells} {have} more digits than a number keeps, such as {}; if they are codes, \
         name it in `categories` or in `ids`",
        quoted(first)
    )
}

/// Which columns have levels that are nearly the same, with an example of each.
pub(super) fn alike_levels(columns: &[(&str, String)]) -> Option<String> {
    const SHOWN: usize = 5;
    let differ = "differ by case or blanks alone";
    let (name, example) = columns.first()?;
    if columns.len() == 1 {
        return Some(format!("column {name}: the levels {example} {differ}"));
    }
    let names: Vec<&str> = columns.iter().take(SHOWN).map(|(name, _)| *name).collect();
    let (names, more) = (names.join(", "), columns.len().saturating_sub(SHOWN));
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Some(format!("columns {names}{more}: some levels {differ}, such as {example} in {name}"))
}

/// Why a column of dates is none of times: they are written in more than one order, or times of day are
/// among them.
pub(super) fn orders(name: &str, evidence: &Evidence) -> Option<String> {
    let (one, other, order) = evidence.two_orders()?;
    let of_day = TimeOrder::Clock.days(other).is_some();
    let (one, other, setting) = (quoted(one), quoted(other), format_of(name, order));
    let what = match of_day {
        true => format!(
            "some of its cells are dates, such as {one}, and others times of day, such as {other}"
        ),
        false => format!("its dates are written in different orders, such as {one} and {other}"),
    };
    Some(format!("{what}; `{setting}` reads those like {one}, and the others are missing then"))
}

/// A text among numbers, as an example.
pub(super) fn example(evidence: &Evidence, notation: &Notation) -> String {
    match (evidence.units(), evidence.misfit(notation)) {
        (Some((one, other)), _) => {
            format!(", because their units differ: {} and {}", quoted(one), quoted(other))
        }
        (None, Some(sample)) => format!(", because of {}", quoted(&sample.text)),
        (None, None) => String::new(),
    }
}

/// Why a column of texts is left out.
pub(super) fn too_many(csv: &Csv, name: &str, evidence: &Evidence) -> String {
    let most = csv.max_levels;
    let example = evidence.first().map(quoted).unwrap_or_default();
    let nearly_all = match evidence.levels {
        LevelSet::TooMany(cells) => cells * 9 <= (most + 1) * 10,
        LevelSet::Levels(_) => false,
    };
    let (notation, fits) = evidence.numbers(Commas::Unlikely);
    let number = evidence.misfit(&notation).filter(|_| 4 * fits >= evidence.present);
    let why = match (evidence.units(), nearly_all) {
        _ if evidence.two_orders().is_some() => orders(name, evidence).unwrap_or_default(),
        (None, _) if number.is_some() => {
            let text = number.map(|sample| quoted(&sample.text)).unwrap_or_default();
            let share = 100 * fits / evidence.present.max(1);
            format!(
                "{share}% of its cells are numbers, but others are not, such as {text}; if these are \
                 missing, add them to `missing`"
            )
        }
        (Some((one, other)), _) => {
            format!(
                "its numbers have different units, such as {} and {}",
                quoted(one),
                quoted(other)
            )
        }
        (None, true) => format!("it has another text in nearly every row, such as {example}"),
        (None, false) => format!(
            "it has more than {most} categories, such as {example} (raise `max-levels` to keep it)"
        ),
    };
    format!("column {name} left out: {why}")
}
