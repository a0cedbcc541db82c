//! `Moment`: a date, a time of day or both, as a place on the line of time and in its cycles.

use super::Notation;
use super::time::TimeOrder;
use serde::{Deserialize, Serialize};
use std::f64::consts::TAU;

/// Days since the beginning of 1970 in the calendar of today; of a time of day alone the share of the
/// day that has passed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment(pub f64);

/// Days that no calendar needs: a million years.
const FAR: f64 = 365_242_500.0;

impl Moment {
    /// The beginning of a day; `None` for a day that the calendar does not have.
    ///
    /// Source: Hinnant (2013), *chrono-compatible low-level date algorithms*.
    #[must_use]
    pub fn of_date(year: i64, month: u32, day: u32) -> Option<Self> {
        if !(1..=12).contains(&month) || day == 0 || day > days_of_month(year, month) {
            return None;
        }
        // Years begin in March, so that the day that comes every four years is their last.
        let year = if month <= 2 { year - 1 } else { year };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let month = i64::from((month + 9) % 12);
        let of_year = (153 * month + 2) / 5 + i64::from(day) - 1;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
        Some(Self(days as f64))
    }

    /// The year, and how many days of it have passed.
    #[must_use]
    pub fn year_and_days(self) -> (i64, f64) {
        // 400 years have 146,097 days, so this guess is off by a year at most.
        let mut year = 1970 + (self.0.clamp(-FAR, FAR) / 365.2425).floor() as i64;
        let start = |year: i64| Self::of_date(year, 1, 1).map_or(0.0, |first| first.0);
        if start(year) > self.0 {
            year -= 1;
        } else if start(year + 1) <= self.0 {
            year += 1;
        }
        (year, self.0 - start(year))
    }

    /// The day of the week: 0 for Monday.
    #[must_use]
    pub fn weekday(self) -> u32 {
        (self.0.floor() + 3.0).rem_euclid(7.0) as u32 // 1970 began on a Thursday
    }

    /// The share of the day that has passed.
    #[must_use]
    pub fn of_day(self) -> f64 {
        self.0 - self.0.floor()
    }
}

fn days_of_month(year: i64, month: u32) -> u32 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Where a moment stands in a cycle: the sine or the cosine of its angle, so that the end of the
/// cycle lies beside its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cycle {
    /// The sine of the time of the year.
    YearSin,
    /// The cosine of the time of the year.
    YearCos,
    /// The sine of the day of the week.
    WeekSin,
    /// The cosine of the day of the week.
    WeekCos,
    /// The sine of the time of day.
    DaySin,
    /// The cosine of the time of day.
    DayCos,
}

impl Cycle {
    /// All, those of one cycle beside each other.
    pub const ALL: [Self; 6] =
        [Self::YearSin, Self::YearCos, Self::WeekSin, Self::WeekCos, Self::DaySin, Self::DayCos];

    /// Those in which the times of a column may stand; a time of day alone stands in the day.
    pub fn of(notation: &Notation) -> impl Iterator<Item = Self> {
        let of_day = *notation == Notation::Time(TimeOrder::Clock);
        Self::ALL
            .into_iter()
            .filter(move |cycle| !of_day || matches!(cycle, Self::DaySin | Self::DayCos))
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::YearSin => "year-sin",
            Self::YearCos => "year-cos",
            Self::WeekSin => "week-sin",
            Self::WeekCos => "week-cos",
            Self::DaySin => "day-sin",
            Self::DayCos => "day-cos",
        }
    }

    /// The sine or cosine at a moment.
    #[must_use]
    pub fn at(self, moment: Moment) -> f64 {
        let share = match self {
            Self::YearSin | Self::YearCos => {
                let (year, days) = moment.year_and_days();
                days / if days_of_month(year, 2) == 29 { 366.0 } else { 365.0 }
            }
            Self::WeekSin | Self::WeekCos => f64::from(moment.weekday()) / 7.0,
            Self::DaySin | Self::DayCos => moment.of_day(),
        };
        match self {
            Self::YearSin | Self::WeekSin | Self::DaySin => (TAU * share).sin(),
            Self::YearCos | Self::WeekCos | Self::DayCos => (TAU * share).cos(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_each_other() {
        let mut expected = Moment::of_date(1896, 1, 1).unwrap().0;
        assert_eq!(expected, -27028.0); // python: (date(1896, 1, 1) - date(1970, 1, 1)).days
        assert_eq!(Moment::of_date(2024, 12, 31), Some(Moment(20088.0)));
        for year in 1896..2105 {
            let mut of_year = 0.0;
            for month in 1..=12 {
                for day in 1..=days_of_month(year, month) {
                    let moment = Moment::of_date(year, month, day).unwrap();
                    assert_eq!(moment.0, expected);
                    assert_eq!(moment.year_and_days(), (year, of_year));
                    assert_eq!(Moment(moment.0 + 0.75).year_and_days().0, year);
                    (expected, of_year) = (expected + 1.0, of_year + 1.0);
                }
                assert_eq!(Moment::of_date(year, month, days_of_month(year, month) + 1), None);
            }
        }
        assert_eq!(Moment::of_date(2024, 13, 1), None);
        assert_eq!(Moment::of_date(2023, 2, 29), None);
    }

    #[test]
    fn cycles_begin_where_they_end() {
        let friday = Moment(Moment::of_date(2026, 11, 27).unwrap().0 + 0.25);
        assert_eq!(friday.weekday(), 4);
        assert!((Cycle::DaySin.at(friday) - 1.0).abs() < 1e-12);
        assert!(Cycle::DayCos.at(friday).abs() < 1e-12);
        let new_year = Moment::of_date(2026, 1, 1).unwrap();
        assert_eq!((Cycle::YearSin.at(new_year), Cycle::YearCos.at(new_year)), (0.0, 1.0));
        let week = (0..7).map(|day| Cycle::WeekSin.at(Moment(friday.0 + f64::from(day))));
        assert!(week.sum::<f64>().abs() < 1e-12);
    }
}
