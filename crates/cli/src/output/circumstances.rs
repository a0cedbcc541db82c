//! The circumstances of a run, which its result does not depend on: version, command, date, machine.

use serde::Serialize;
use std::num::NonZero;
use std::time::{SystemTime, UNIX_EPOCH};

/// What stands in `result.json` beside the result.
#[derive(Serialize)]
pub(crate) struct Circumstances<'a> {
    /// The version of the program.
    tanren: &'static str,
    command: &'a str,
    /// When the run ended, in UTC.
    date: String,
    threads: usize,
    processor: String,
}

impl<'a> Circumstances<'a> {
    /// Those of now.
    pub(crate) fn new(command: &'a str, threads: Option<u16>) -> Self {
        let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            tanren: env!("CARGO_PKG_VERSION"),
            command,
            date: date(since.as_secs()),
            threads: threads.map_or_else(cores, usize::from),
            processor: processor(),
        }
    }
}

/// The name of the processor, or its architecture where the system does not tell.
fn processor() -> String {
    let facts = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = facts.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    name.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.trim().to_owned())
}

/// A time in seconds since 1970, in UTC, as ISO 8601 writes it. The calendar is counted from 1 March of
/// the year 0, so that leap days come last.
fn date(seconds: u64) -> String {
    const DAYS_TO_1970: u64 = 719_468;
    let (days, second) = (seconds / 86_400 + DAYS_TO_1970, seconds % 86_400);
    let (era, day) = (days / 146_097, days % 146_097); // 400 years
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153; // from March
    let (day, month) =
        (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = era * 400 + year + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(date(0), "1970-01-01T00:00:00Z");
        assert_eq!(date(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(date(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(date(4_107_542_400), "2100-03-01T00:00:00Z");
        assert_eq!(date(1_764_215_735), "2025-11-27T03:55:35Z");
    }
}
