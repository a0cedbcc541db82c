//! `week`: a week of a year as ISO 8601 counts them, or a day of it, read from a text.

use super::Moment;

/// The days of a week of ISO 8601, or of a day of it: `2024-W05`, `2024W05`, `2024-W05-3`, `2024W053`.
pub(super) fn week(text: &str) -> Option<f64> {
    let (year, rest) = text.split_at_checked(4)?;
    let (mark, rest) = match rest.strip_prefix("-W") {
        Some(rest) => ("-", rest),
        None => ("", rest.strip_prefix('W')?),
    };
    let (week, day) = rest.split_at_checked(2)?;
    let day = if day.is_empty() { "1" } else { day.strip_prefix(mark)? };
    if [year, week, day].iter().any(|part| !part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let (year, week, day): (i64, u32, u32) =
        (year.parse().ok()?, week.parse().ok()?, day.parse().ok()?);
    // The first week of a year is that of the fourth of January.
    let monday = |year: i64| {
        let fourth = Moment::of_date(year, 1, 4)?;
        Some(fourth.0 - f64::from(fourth.weekday()))
    };
    let (first, next) = (monday(year)?, monday(year + 1)?);
    let start = first + 7.0 * (f64::from(week) - 1.0);
    let is_day = (1..=7).contains(&day) && week >= 1 && start < next;
    is_day.then(|| start + f64::from(day) - 1.0)
}

#[cfg(test)]
mod tests {
    use super::week;

    #[test]
    fn weeks_and_their_days() {
        // By Python: (date.fromisocalendar(2024, 5, 1) - date(1970, 1, 1)).days == 19751.
        for (text, days) in [
            ("2024-W05", 19751.0),
            ("2024W05", 19751.0),
            ("2024-W05-3", 19753.0),
            ("2024W053", 19753.0),
            ("2020-W53-7", 18630.0),
            ("2025-W01-2", 20088.0),
        ] {
            assert_eq!(week(text), Some(days), "{text}");
        }
        for text in [
            "2024-W00",
            "2024-W53",
            "2024-W05-8",
            "2024-W05-0",
            "2024-W053",
            "2024W05-3",
            "2024-W5",
            "2024-W+5",
            "2024-W05-",
            "2024-05",
            "",
        ] {
            assert_eq!(week(text), None, "{text}");
        }
    }
}
