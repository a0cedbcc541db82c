//! `TimeOrder`: in which order a date names year, month and day, or what a number of a time counts.

use super::clock::clock;
use super::moment::Moment;
use super::tokens::{Token, tokens};
use super::week::week;
use std::fmt;

/// How times are written.
///
/// The parts of a date may be separated by `-`, `/`, `.`, blanks or commas, and a month may be called
/// by its English or German name or the beginning of it; a time of day may follow, with seconds, am or
/// pm, and a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeOrder {
    /// `2024-12-31`
    YearMonthDay,
    /// `12/31/2024`
    MonthDayYear,
    /// `31.12.2024`
    DayMonthYear,
    /// `20241231`
    Digits,
    /// `20241231235959`
    LongDigits,
    /// `2024-12`, `12/2024`, `Dec 2024`
    YearMonth,
    /// `2024-W05`, `2024-W05-3`: a week as ISO 8601 counts them, or a day of it, else its Monday.
    Week,
    /// `23:59`
    Clock,
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
    /// Microseconds since 1970.
    Microseconds,
    /// Nanoseconds since 1970.
    Nanoseconds,
}

/// No time is more days than this from the beginning of 1970: 10,000 years.
const LAST: f64 = 3_652_425.0;

impl TimeOrder {
    /// All, the most usual first.
    pub const ALL: [Self; 12] = [
        Self::YearMonthDay,
        Self::MonthDayYear,
        Self::DayMonthYear,
        Self::Digits,
        Self::LongDigits,
        Self::YearMonth,
        Self::Week,
        Self::Clock,
        Self::Seconds,
        Self::Milliseconds,
        Self::Microseconds,
        Self::Nanoseconds,
    ];

    /// Those whose texts are no numbers.
    pub const WRITTEN: [Self; 6] = [
        Self::YearMonthDay,
        Self::MonthDayYear,
        Self::DayMonthYear,
        Self::YearMonth,
        Self::Week,
        Self::Clock,
    ];

    /// Its example.
    const fn example(self) -> &'static str {
        match self {
            Self::YearMonthDay => "2024-12-31",
            Self::MonthDayYear => "12/31/2024",
            Self::DayMonthYear => "31.12.2024",
            Self::Digits => "20241231",
            Self::LongDigits => "20241231235959",
            Self::YearMonth => "2024-12",
            Self::Week => "2024-W05",
            Self::Clock => "23:59",
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
            Self::Microseconds => "microseconds",
            Self::Nanoseconds => "nanoseconds",
        }
    }

    /// The order of an example: its name, or a date that can be read in one way alone.
    pub(super) fn of_example(example: &str) -> Option<Self> {
        let example = example.trim();
        if let Some(named) = Self::ALL.into_iter().find(|order| order.example() == example) {
            return Some(named);
        }
        let all = Self::WRITTEN.into_iter().filter(|order| order.days(example).is_some());
        let mut orders: Vec<Self> = all.collect();
        if orders.len() > 1 {
            orders.retain(|order| *order != Self::YearMonthDay); // a year of two digits seldom comes first
        }
        if example.starts_with(|c: char| c.is_ascii_digit())
            && example.contains(char::is_alphabetic)
        {
            orders.retain(|order| *order != Self::MonthDayYear); // a month with a name reads the same
        }
        let first = orders.first().copied();
        first.filter(|_| orders.len() == 1 || example.contains(char::is_alphabetic))
    }

    /// How many of a number of this kind make a day; `None` where it is no number.
    #[must_use]
    pub const fn per_day(self) -> Option<f64> {
        match self {
            Self::Seconds => Some(86_400.0),
            Self::Milliseconds => Some(86_400e3),
            Self::Microseconds => Some(86_400e6),
            Self::Nanoseconds => Some(86_400e9),
            _ => None,
        }
    }

    /// The days since 1970 of a text in this order, or of a time of day the share of the day that has
    /// passed.
    #[must_use]
    pub fn days(self, text: &str) -> Option<f64> {
        let text = text.trim();
        if let Some(per_day) = self.per_day() {
            let days = text.parse::<f64>().ok()? / per_day;
            return Some(days).filter(|days| days.abs() <= LAST);
        }
        match self {
            Self::Digits => return digits(text, 8),
            Self::LongDigits => return digits(text, 14),
            Self::Week => return week(text),
            Self::Clock => return clock(text),
            _ => {}
        }
        let long;
        let text = match compact(text) {
            Some(written) => {
                long = written;
                long.as_str()
            }
            None => text,
        };
        let (tokens, count, rest) = tokens(text)?;
        let [a, b, c] = tokens;
        let (year, month, day) = match (self, count) {
            (Self::YearMonthDay, 3) => (a, b, c),
            (Self::MonthDayYear, 3) if b.named && !a.named => (c, b, a),
            (Self::MonthDayYear, 3) => (c, a, b),
            (Self::DayMonthYear, 3) if a.named => (c, a, b),
            (Self::DayMonthYear, 3) => (c, b, a),
            (Self::YearMonth, 2) => {
                let (year, month) = if a.digits == 4 { (a, b) } else { (b, a) };
                (year, month, Token { number: 1, digits: 1, named: false })
            }
            _ => return None,
        };
        let wide = year.digits == 4 || year.digits == 2 && self != Self::YearMonth;
        if !wide || year.named || day.named || day.digits > 2 || month.digits > 2 {
            return None;
        }
        let year = match (year.digits, year.number) {
            (2, number @ 0..=68) => 2000 + i64::from(number), // as POSIX has it
            (2, number) => 1900 + i64::from(number),
            (_, number) => i64::from(number),
        };
        let date = Moment::of_date(year, month.number, day.number)?.0;
        let rest = rest.trim_start_matches(['T', 't', ' ', ',']);
        Some(date + if rest.is_empty() { 0.0 } else { clock(rest)? })
    }
}

/// The days of so many digits and nothing else: a date, and the time of day where they go on.
fn digits(text: &str, length: usize) -> Option<f64> {
    let digits = text.strip_suffix(".0").unwrap_or(text); // a column that was a float once
    if digits.len() != length || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<u32>().ok();
    let date = Moment::of_date(number(0..4)?.into(), number(4..6)?, number(6..8)?)?.0;
    let time = match length {
        8 => 0.0,
        _ => clock(&format!(
            "{}:{}:{}",
            digits.get(8..10)?,
            digits.get(10..12)?,
            digits.get(12..14)?
        ))?,
    };
    Some(date + time)
}

/// `20241231T235900Z` with its marks.
fn compact(text: &str) -> Option<String> {
    let (date, time) = text.split_once('T')?;
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (clock, zone) = time.split_at_checked(6)?;
    (date.len() == 8 && digits(date) && digits(clock)).then(|| {
        let [year, month, day] = [&date[..4], &date[4..6], &date[6..]];
        let [hours, minutes, seconds] = [&clock[..2], &clock[2..4], &clock[4..]];
        format!("{year}-{month}-{day}T{hours}:{minutes}:{seconds}{zone}")
    })
}

impl fmt::Display for TimeOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.example())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use TimeOrder::*;

    #[test]
    fn dates_in_many_orders() {
        // Days by Python: (date(2024, 12, 31) - date(1970, 1, 1)).days == 20088.
        for (order, text) in [
            (YearMonthDay, "2024-12-31"),
            (YearMonthDay, "2024/12/31"),
            (YearMonthDay, "2024.12.31"),
            (YearMonthDay, "2024-12-31T00:00:00Z"),
            (YearMonthDay, "2024 Dec 31"),
            (MonthDayYear, "12/31/2024"),
            (MonthDayYear, "12/31/24"),
            (MonthDayYear, "Dec 31, 2024"),
            (MonthDayYear, "31 December 2024"),
            (DayMonthYear, "31.12.2024"),
            (DayMonthYear, "31-Dec-24"),
            (DayMonthYear, "31. Dezember 2024"),
            (DayMonthYear, "December 31, 2024"),
            (DayMonthYear, "Tue, 31 Dec 2024 00:00:00 GMT"),
            (DayMonthYear, "Di, 31.12.2024"),
            (DayMonthYear, "31.12.2024, 00:00 Uhr"),
            (DayMonthYear, "31 décembre 2024"),
            (DayMonthYear, "31 de diciembre de 2024"),
            (DayMonthYear, "31 dic. 2024"),
            (YearMonthDay, "2024-12-30T24:00:00"),
            (YearMonthDay, "2024/12/31 12:00:00 AM GMT"),
            (YearMonthDay, "20241231T000000Z"),
            (Digits, "20241231"),
            (LongDigits, "20241231000000"),
            (LongDigits, "20241231000000.0"),
            (Week, "2025-W01-2"),
            (Week, "2025W012"),
            (Seconds, "1735603200"),
            (Milliseconds, "1735603200000"),
        ] {
            assert_eq!(order.days(text), Some(20088.0), "{text}");
        }
        let noon = Some(20088.5);
        assert_eq!(YearMonthDay.days("2024-12-31 12:00"), noon);
        assert_eq!(YearMonthDay.days("2024-12-31T14:00:00.000+02:00"), noon);
        assert_eq!(MonthDayYear.days("12/31/2024 12:00:00 PM"), noon);
        assert_eq!(LongDigits.days("20241231120000"), noon);
        assert_eq!(Seconds.days("1735603200.5"), Some(20088.0 + 0.5 / 86_400.0));
        assert_eq!(YearMonth.days("2024-12"), Some(20058.0));
        assert_eq!(YearMonth.days("Dec 2024"), Some(20058.0));
        assert_eq!(YearMonth.days("12/2024"), Some(20058.0));
        assert_eq!(Clock.days("18:00"), Some(0.75));
        assert_eq!(Clock.days("6:00 pm"), Some(0.75));
        assert_eq!(Clock.days("24:00"), Some(1.0));
        assert_eq!(YearMonthDay.days("2024-12-30T24:00:00"), Some(20088.0));
        assert_eq!(Clock.days("24:01").or(Clock.days("25:00")), None);
        assert_eq!(DayMonthYear.days("1.1.69"), Some(-365.0));
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "12",
            "2024",
            "2024.5",
            "12.5",
            "1.2.3",
            "192.168.0.1",
            "13/13/2024",
            "2024-02-30",
            "a-b-c",
            "555-1234",
            "1/2",
            "May",
            "Room 12",
            "3:1",
            "25:00",
            "1,234",
            "12 345 678",
            "12-31-2024-5",
            "2024-12-31x",
            "March Hare 12",
            "W05",
        ] {
            let found: Vec<_> =
                TimeOrder::WRITTEN.iter().filter(|o| o.days(text).is_some()).collect();
            assert!(found.is_empty(), "{text}: {found:?}");
        }
    }
}
