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
    let far = far(&times);
    let count = |far: f64| times.iter().filter(|time| **time == far).count();
    let all: usize = far.iter().map(|&far| count(far)).sum();
    let (stand, this) = match (all, far.len()) {
        (0, _) => return None,
        (1, _) => ("it stands", "this"),
        (_, 1) => ("they stand", "this"),
        _ => ("they stand", "these"),
    };
    let of = format!(" of {} times", times.len());
    let said = far.iter().enumerate().map(|(at, &far)| {
        let (count, date) = (count(far), date(far));
        let are = if count == 1 { "is" } else { "are" };
        format!("{count}{} {are} {date}", if at == 0 { of.as_str() } else { "" })
    });
    let said: Vec<String> = said.collect();
    let as_written = if far.len() == 1 { "it is" } else { "they are" };
    Some(format!(
        "column {}: {}, far from all others; if {stand} for a missing value, add {this} to `missing` as \
         {as_written} written",
        origin.column,
        said.join(" and ")
    ))
}

/// The first and the last of times in ascending order, both or one of them, if they stand farther from
/// the others than these are from each other, and most times are others.
fn far(times: &[f64]) -> Vec<f64> {
    let (Some(&first), Some(&last)) = (times.first(), times.last()) else { return Vec::new() };
    let are_far = |ends: &[f64]| {
        let is_end = |time: &f64| ends.contains(time);
        let others: Vec<f64> = times.iter().copied().filter(|time| !is_end(time)).collect();
        let (Some(&low), Some(&high)) = (others.first(), others.last()) else { return false };
        let gap = |end: f64| if end < low { low - end } else { end - high };
        let far = |&end: &f64| gap(end) > FAR && gap(end) > high - low;
        2 * others.len() > times.len() && ends.iter().all(far)
    };
    let choices: [&[f64]; 3] = [&[first, last], &[first], &[last]];
    choices.into_iter().find(|ends| are_far(ends)).unwrap_or_default().to_vec()
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
        assert_eq!(days(&[]), []);
        assert_eq!(days(&[-719_162.0; 3]), [-719_162.0]);
        assert_eq!(days(&[2_932_896.0]), [2_932_896.0]);
        assert_eq!(days(&[-719_162.0, -719_162.0, 2_932_896.0]), [-719_162.0, 2_932_896.0]);
        assert_eq!(days(&[-719_162.0; 101]), []);
        assert_eq!(days(&[19_000.0 - 7000.0]), []);
        assert_eq!(far(&[0.0, 50_000.0, 100_000.0]), []);
        assert_eq!((far(&[]), far(&[5.0; 40])), (vec![], vec![]));
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
