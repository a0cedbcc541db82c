//! Times that stand far from all others, as those do that mean "unknown": 0001-01-01, 9999-12-31.

use tanren_plugin::{Field, Moment, Notation, TimeOrder, Values};

/// So many days from the others are far: 20 years.
const FAR: f64 = 7305.0;

/// What to say about a feature of a field whose first or last time stands so far from the others.
pub(super) fn note(field: &Field, feature: usize) -> Option<String> {
    let origin = field.spec.features.get(feature)?.origin.as_ref()?;
    let of_day = origin.notation == Notation::Time(TimeOrder::Clock);
    if !matches!(origin.notation, Notation::Time(_)) || of_day || origin.cycle.is_some() {
        return None;
    }
    let Values::Double(values) = &field.values else { return None };
    let column = values.iter().skip(feature).step_by(field.width().max(1));
    let mut times: Vec<f64> = column.copied().filter(|x| x.is_finite()).collect();
    times.sort_by(f64::total_cmp);
    let far = far(&times)?;
    let count = times.iter().filter(|time| **time == far).count();
    let (are, stand) = if count == 1 { ("is", "it stands") } else { ("are", "they stand") };
    Some(format!(
        "column {}: {count} of {} times {are} {}, far from all others; if {stand} for a missing value, add \
         this to `missing` as it is written",
        origin.column,
        times.len(),
        date(far)
    ))
}

/// The first or the last of times in ascending order, if it stands farther from its neighbour than these
/// are from each other, and is none of most of them.
fn far(times: &[f64]) -> Option<f64> {
    let (&first, &last) = (times.first()?, times.last()?);
    let found = |end: f64| {
        let others: Vec<f64> = times.iter().copied().filter(|time| *time != end).collect();
        let (&low, &high) = (others.first()?, others.last()?);
        let gap = if end < low { low - end } else { end - high };
        let rare = 2 * others.len() > times.len();
        (rare && gap > FAR && gap > high - low).then_some(end)
    };
    found(first).or_else(|| found(last))
}

/// The date of a time: `0001-01-01`.
fn date(days: f64) -> String {
    let (year, _) = Moment(days).year_and_days();
    let begins =
        |month: u32| Moment::of_date(year, month, 1).map_or(f64::INFINITY, |first| first.0);
    let month = (1..=12).rev().find(|month| begins(*month) <= days).unwrap_or(1);
    format!("{year:04}-{month:02}-{:02}", (days.floor() - begins(month)) as i64 + 1)
}

#[cfg(test)]
mod tests {
    use super::{date, far};

    #[test]
    fn only_rare_ends_far_away_are_told() {
        let days = |ends: &[f64]| {
            let mut times: Vec<f64> = (0..100).map(|i| 19_000.0 + f64::from(i)).collect();
            times.extend(ends);
            times.sort_by(f64::total_cmp);
            far(&times)
        };
        assert_eq!(days(&[]), None);
        assert_eq!(days(&[-719_162.0; 3]), Some(-719_162.0));
        assert_eq!(days(&[2_932_896.0]), Some(2_932_896.0));
        assert_eq!(days(&[-719_162.0; 101]), None);
        assert_eq!(days(&[19_000.0 - 7000.0]), None);
        assert_eq!(far(&[0.0, 50_000.0, 100_000.0]), None);
        assert_eq!(far(&[]), None);
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        // By Python: (date(1, 1, 1) - date(1970, 1, 1)).days == -719162.
        for (days, text) in [
            (-719_162.0, "0001-01-01"),
            (2_932_896.0, "9999-12-31"),
            (-25_567.0, "1900-01-01"),
            (19_782.5, "2024-02-29"),
        ] {
            assert_eq!(date(days), text);
        }
    }
}
