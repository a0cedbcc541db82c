//! `Verdict`: what a column is, by what its cells look like and what somebody wants it to be.

use super::cell::{is_placeholder, quoted};
use super::evidence::{Commas, Evidence, FEW, Sample};
use super::layout::Layout;
use super::level_set::LevelSet;
use tanren_plugin::{DataError, Notation, TimeOrder};

/// What somebody wants a column to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Wish {
    /// What its cells say.
    #[default]
    Any,
    Category,
    Number,
}

/// What a column is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// All cells are missing.
    Empty,
    /// Numbers or times; some cells may be neither.
    Number(Found),
    Category,
}

/// How the numbers of a column are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) notation: Notation,
    /// How many cells are written otherwise.
    pub(super) misfits: usize,
    /// Whether year, month and day may stand in another order.
    pub(super) ambiguous: bool,
}

impl Found {
    fn of(notation: Notation, evidence: &Evidence, fits: usize) -> Self {
        Self { notation, misfits: evidence.present - fits.min(evidence.present), ambiguous: false }
    }
}

/// What a column is: numbers or times if all of its cells are such, or nearly all, or at least half
/// and the rest are few words; a category otherwise, and where words stand beside few numbers.
///
/// # Errors
/// The first infinite number; the first cell that is no number where somebody says that all are, or
/// that most are so written.
pub(super) fn verdict(
    layout: &Layout,
    column: usize,
    wish: Wish,
    evidence: &Evidence,
    commas: Commas,
) -> Result<Verdict, DataError> {
    let present = evidence.present;
    if present == 0 {
        return Ok(Verdict::Empty);
    }
    if wish == Wish::Category {
        return Ok(Verdict::Category);
    }
    let (notation, fits) = evidence.numbers(commas);
    let found = Found::of(notation, evidence, fits);
    let said = evidence.is_said();
    if 2 * fits >= present || wish == Wish::Number {
        refuse_infinite(layout, column, evidence)?;
    }
    if said && 2 * fits >= present && wish != Wish::Number {
        return Ok(Verdict::Number(found));
    }
    if wish == Wish::Number || said {
        return match found.misfits {
            0 => Ok(Verdict::Number(found)),
            _ => Err(no_number(layout, column, evidence, &found.notation)),
        };
    }
    if let Some(order) = stamps(layout.name(column), evidence) {
        return Ok(Verdict::Number(Found::of(Notation::Time(order), evidence, present)));
    }
    let (order, times, ambiguous) = evidence.times(commas);
    if times > fits && 10 * times >= 9 * present {
        let found = Found::of(Notation::Time(order), evidence, times);
        return Ok(Verdict::Number(Found { ambiguous, ..found }));
    }
    let words = &evidence.words;
    let placeholders = !evidence.more_words && words.iter().all(|word| is_placeholder(&word.text));
    let few = match &evidence.levels {
        LevelSet::Levels(levels) => levels.len() <= FEW && present >= 3 * levels.len(),
        LevelSet::TooMany(_) => false,
    };
    let number = match found.misfits {
        0 => true,
        _ if few && !(placeholders && 2 * fits >= present && !words.is_empty()) => false,
        _ if 10 * fits >= 9 * present => true,
        // Numbers in another notation are no words for what is missing.
        misfits => {
            let few_others = 10 * misfits.saturating_sub(evidence.worded) <= present;
            2 * fits >= present && !evidence.more_words && few_others
        }
    };
    Ok(if number { Verdict::Number(found) } else { Verdict::Category })
}

/// Refuses an infinite number.
pub(super) fn refuse_infinite(
    layout: &Layout,
    column: usize,
    evidence: &Evidence,
) -> Result<(), DataError> {
    evidence.infinite.as_ref().map_or(Ok(()), |infinite| {
        let message = format!(
            "expected a finite number, found {}; if it stands for a missing value, add it to `missing`",
            quoted(&infinite.text)
        );
        Err(located(layout, column, infinite, message))
    })
}

/// The error of the first cell that is no number in this notation, where a number must be.
pub(super) fn no_number(
    layout: &Layout,
    column: usize,
    evidence: &Evidence,
    notation: &Notation,
) -> DataError {
    let help = "if it stands for a missing value, add it to `missing`";
    not_a_number(layout, column, (evidence, notation), help)
}

/// The same, where something else helps.
pub(super) fn not_a_number(
    layout: &Layout,
    column: usize,
    (evidence, notation): (&Evidence, &Notation),
    help: &str,
) -> DataError {
    let written = match notation.is_plain() {
        true => String::new(),
        false => format!(" written like {notation}"),
    };
    let message = |found: &str| format!("expected a number{written}, found {found}; {help}");
    match evidence.misfit(notation) {
        Some(misfit) => located(layout, column, misfit, message(&quoted(&misfit.text))),
        None => layout.error(message("text")).column(layout.name(column)),
    }
}

fn located(layout: &Layout, column: usize, at: &Sample, message: String) -> DataError {
    let error = layout.error(message).line(at.place.line).row(at.place.row);
    error.column(layout.name(column))
}

/// What the digits of a column count, where they are dates or its name says that they are times.
fn stamps(name: &str, evidence: &Evidence) -> Option<TimeOrder> {
    if let Some(order) = evidence.all_dates() {
        return Some(order);
    }
    let (low, high) = evidence.plain_range()?;
    let called = is_time(name);
    let orders = [
        TimeOrder::Seconds,
        TimeOrder::Milliseconds,
        TimeOrder::Microseconds,
        TimeOrder::Nanoseconds,
    ];
    // From 1980 to 2100.
    let fits = |order: &TimeOrder| {
        order.per_day().is_some_and(|unit| low >= 3652.0 * unit && high <= 47_482.0 * unit)
    };
    orders.into_iter().find(fits).filter(|_| called)
}

/// Whether the name of a column says that it has times: `created_at`, `orderDate`, `timestamp`.
fn is_time(name: &str) -> bool {
    const WORDS: [&str; 15] = [
        "time",
        "timestamp",
        "datetime",
        "date",
        "day",
        "epoch",
        "created",
        "updated",
        "modified",
        "at",
        "ts",
        "t",
        "unixtime",
        "starttime",
        "endtime",
    ];
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let new = !c.is_alphanumeric() || c.is_uppercase() && before.is_lowercase();
        if new {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.iter().any(|word| WORDS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::is_time;

    #[test]
    fn times_are_called_so() {
        for name in
            ["time", "Timestamp", "created_at", "orderDate", "start time", "ts", "event_ts", "t"]
        {
            assert!(is_time(name), "{name}");
        }
        for name in ["candidate_phone", "centimeters", "data", "format", "tstat", "weight", ""] {
            assert!(!is_time(name), "{name}");
        }
    }
}
