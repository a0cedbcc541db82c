//! `--horizon`: windows over series, from which the next values are forecast.

use super::{By, beside, cannot, set};
use crate::args;
use crate::automatic::Choice;
use crate::failure::{Failure, Kind};
use crate::input::revise::Change;
use crate::recipe;
use tanren_data::{Relative, Windows, season_length, seasons_to_average};
use tanren_plugin::{Plugin, Source};

/// Windows over the rows of `of`, by what their series are like and by those of their own settings that are given; and
/// what was chosen.
///
/// # Errors
/// When the table has no series of numbers.
pub(super) fn windows(
    of: Plugin<dyn Source>,
    horizon: usize,
    (data, by): (&args::Data, &By),
    sets: &[String],
) -> Result<(Plugin<dyn Source>, Vec<Choice>), Failure> {
    let usage = |message: &str| Err(Failure::new(Kind::Usage, message));
    if data.target.is_empty() {
        return usage("--horizon needs --target COLUMN, the series to forecast");
    }
    if data.task == Some(args::Task::Classification) {
        return usage("--horizon forecasts numbers, and --task classification asks for classes");
    }
    let of = beside(of, by)?;
    let of = match data.task {
        Some(_) => of,
        // However few different values a series has, they are no classes.
        None => set(of, "task", "regression".into())?,
    };
    let (order, series) = (by.time.clone(), by.series.clone());
    let given = with_given(Windows { horizon, order, series, ..Windows::new(of, 1) }, sets)?;
    match given.values() {
        Ok(all) => {
            let mut windows = chosen(given, &all);
            let counted = |set: &&String| Change::set(set).concerns(COUNTED_FROM);
            if sets.iter().rfind(counted).is_some_and(|set| !set.contains("season")) {
                windows.seasons = 1; // which is a setting of the season alone
            }
            let choices = choices(&windows);
            Ok((windows.into(), choices))
        }
        Err(error) => Err(cannot(&given.into(), data, error)),
    }
}

/// The setting that says what targets are counted from.
const COUNTED_FROM: &str = "data.source.relative";

/// Settings of windows by which the others are chosen.
const GIVEN: [&str; 6] = ["series", "order", "period", "log", "horizon", "gap"];

/// Windows with those of the settings in [`GIVEN`] that are among `sets`.
fn with_given(windows: Windows, sets: &[String]) -> Result<Windows, Failure> {
    let of_windows = |set: &&String| {
        GIVEN.iter().any(|name| Change::set(set).concerns(&format!("{}.{name}", recipe::SOURCE)))
    };
    let sets: Vec<String> = sets.iter().filter(of_windows).cloned().collect();
    if sets.is_empty() {
        return Ok(windows);
    }
    let (source, _) = recipe::set_source(windows.into(), &sets)?;
    // They were windows before, and only their own settings have changed.
    let other = || Failure::new(Kind::Usage, format!("{}: no windows any more", recipe::SOURCE));
    windows_of(&source).ok_or_else(other)
}

/// A source as the windows that it is, if it is.
pub(crate) fn windows_of(source: &Plugin<dyn Source>) -> Option<Windows> {
    let mut settings = serde_json::to_value(source).ok()?;
    let kind = settings.as_object_mut()?.remove("type")?;
    let windows = serde_json::from_value(settings).ok()?;
    (kind == "windows").then_some(windows)
}

/// Windows for these series, with those settings that are chosen by what the series are like.
fn chosen(given: Windows, series: &[Vec<f64>]) -> Windows {
    let horizon = given.horizon.saturating_add(given.gap);
    let mut lengths: Vec<usize> = series.iter().map(Vec::len).collect();
    lengths.sort_unstable();
    let steps = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
    let log = given.log || series.iter().all(|values| grows(values));
    let scaled = |values: &Vec<f64>| match log {
        true => values.iter().map(|value| value.ln()).collect(),
        false => values.clone(),
    };
    let scaled: Vec<Vec<f64>> = series.iter().map(scaled).collect();
    let period = given.period.or_else(|| season_length(&scaled));
    let longest = (steps.saturating_sub(horizon) / 3).max(1);
    let length = period.map_or(horizon.max(12), two).min(longest);
    let mut difference = vec![1];
    // Differences over a season need one more of it before each window.
    let past = |period: usize| length.saturating_add(period);
    difference.extend(period.filter(|&period| past(period).saturating_add(horizon) < steps / 2));
    Windows {
        length,
        log,
        difference,
        relative: if period.is_some() { Relative::Season } else { Relative::Last },
        seasons: period.map_or(1, |period| {
            // Rows before the first window are no rows to learn from: most series must have enough others.
            let room = (steps / 3 * 2).saturating_sub(horizon) / period;
            seasons_to_average(&scaled, period, horizon).min(room.max(1))
        }),
        period,
        ..given
    }
}

/// The steps of two seasons.
const fn two(period: usize) -> usize {
    period.saturating_mul(2)
}

/// Whether a series is above 0, and grows to more than twice its least value.
fn grows(values: &[f64]) -> bool {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    least > 0.0 && most > 2.0 * least
}

/// What was chosen for windows, and why.
fn choices(windows: &Windows) -> Vec<Choice> {
    let mut choices = Vec::new();
    let mut choose = |what: &str, value: String, why: &str| {
        choices.push(Choice { what: what.into(), value, why: why.into() });
    };
    match windows.period {
        Some(period) => {
            choose("season", format!("{period} steps"), "values repeat after so many");
        }
        None => choose("season", "none".into(), "no lag at which values repeat"),
    }
    let lags: Vec<String> = windows.difference.iter().map(usize::to_string).collect();
    let value = format!("{} steps, differences of {}", windows.length, lags.join(" and "));
    let seasons = windows.period.is_some_and(|period| windows.length == two(period));
    choose("windows", value, if seasons { "two seasons" } else { "as far as the rows allow" });
    let (from, why) = match (windows.relative, windows.seasons) {
        (Relative::Season, 1) => ("the season before".into(), "only what changes is learnt"),
        (Relative::Season, n) => (format!("the mean of {n} seasons"), "fewer forecast worse"),
        _ => ("the last value".into(), "only what changes is learnt"),
    };
    choose("forecast", format!("counted from {from}"), why);
    if windows.log {
        choose("scale", "logarithm".into(), "above 0, and the largest is twice the least");
    }
    choices
}
