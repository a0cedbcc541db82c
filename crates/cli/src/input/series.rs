//! `--horizon`: a table as a time series, of which the next values are to be forecast.

use crate::args;
use crate::automatic::Choice;
use crate::failure::{Failure, Kind};
use crate::input::data;
use crate::recipe;
use tanren_data::{Relative, Windows};
use tanren_plugin::{Field, Plugin, Source, Table};

/// A season must explain at least so much of the changes …
const CLEAR: f64 = 0.3;

/// … and so many standard deviations of what chance explains in as many pairs of changes.
const SURE: f64 = 5.0;

/// A season among lags that are multiples of it is the first that explains nearly as much as the best.
const NEARLY: f64 = 0.9;

/// A source, the settings that are not its own, and what was chosen for it.
type Given = (Plugin<dyn Source>, Vec<String>, Vec<Choice>);

/// The data of this name with the settings among `sets` that are theirs, as [`data::source`] gives them;
/// as windows where `--horizon` asks for these, and what was chosen for them. `data.source.of` is then the table.
pub(crate) fn source(name: &str, data: &args::Data, sets: &[String]) -> Result<Given, Failure> {
    let of = format!("{}.of", recipe::SOURCE);
    let of_table = |set: &String| {
        let rest = set.trim_start().strip_prefix(&of)?;
        rest.starts_with(['.', '[', '=']).then(|| format!("{}{rest}", recipe::SOURCE))
    };
    let windows_too = data.horizon.is_some() || data.time.is_some();
    let inner = |set: &String| if windows_too { of_table(set) } else { Some(set.clone()) };
    let (of_inner, others): (Vec<_>, Vec<_>) = sets.iter().partition(|set| inner(set).is_some());
    let of_inner: Vec<String> = of_inner.into_iter().filter_map(inner).collect();
    let (table, mut changes) = data::source(name, data, &of_inner)?;
    let (windows, choices) = windows(table, data)?;
    let others: Vec<String> = others.into_iter().cloned().collect();
    let (source, more) = recipe::set_source(windows, &others)?;
    changes.extend(more);
    Ok((source, changes, choices))
}

/// Windows over the rows of `of` where `--horizon` asks for them, and what was chosen for them.
///
/// # Errors
/// When `--time` is given without it, or the table has no series of numbers that is long enough.
fn windows(
    of: Plugin<dyn Source>,
    data: &args::Data,
) -> Result<(Plugin<dyn Source>, Vec<Choice>), Failure> {
    let usage = |message: &str| Err(Failure::new(Kind::Usage, message));
    let Some(horizon) = data.horizon else {
        return match data.time {
            Some(_) => usage("--time needs --horizon N, the number of steps to forecast"),
            None => Ok((of, Vec::new())),
        };
    };
    if data.target.is_empty() {
        return usage("--horizon needs --target COLUMN, the series to forecast");
    }
    let set = |of, set: String| recipe::set_source(of, &[set]).map(|(of, _)| of);
    let of = match &data.time {
        None => of,
        Some(time) => {
            let beside = format!("{}.beside={}", recipe::SOURCE, serde_json::json!([time]));
            let message = "--time needs columns with names, as in a CSV file";
            set(of, beside).map_err(|_| Failure::new(Kind::Usage, message))?
        }
    };
    let of = match data.task {
        Some(_) => of,
        // However few different values a series has, they are no classes.
        None => set(of, format!("{}.task=regression", recipe::SOURCE))?,
    };
    let table = of.open()?;
    let all = series(&table);
    let values = all.first().ok_or_else(|| {
        let message = "--horizon forecasts numbers, and the target is none";
        Failure::new(Kind::Usage, message)
    })?;
    let rows = values.len();
    let period = period(values);
    let longest = (rows.saturating_sub(horizon) / 3).max(1);
    let length = period.map_or(horizon.max(12), |period| 2 * period).min(longest);
    let grows = |values: &Vec<f64>| {
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        least > 0.0 && most > 2.0 * least
    };
    let mut difference = vec![1];
    // Differences over a season need one more of it before each window.
    difference.extend(period.filter(|period| length + period + horizon < rows / 2));
    let windows = Windows {
        horizon,
        order: data.time.clone(),
        log: all.iter().all(grows),
        difference,
        relative: if period.is_some() { Relative::Season } else { Relative::Last },
        period,
        ..Windows::new(of, length)
    };
    let choices = choices(&windows);
    Ok((windows.into(), choices))
}

/// What was chosen for windows, and why.
fn choices(windows: &Windows) -> Vec<Choice> {
    let mut choices = Vec::new();
    let mut choose = |what: &str, value: String, why: &str| {
        choices.push(Choice { what: what.into(), value, why: why.into() });
    };
    match windows.period {
        Some(period) => {
            choose("season", format!("{period} steps"), "changes repeat after so many");
        }
        None => choose("season", "none".into(), "no lag at which changes repeat"),
    }
    let lags: Vec<String> = windows.difference.iter().map(usize::to_string).collect();
    let value = format!("{} steps, differences of {}", windows.length, lags.join(" and "));
    let seasons = windows.period.is_some_and(|period| windows.length == 2 * period);
    choose("windows", value, if seasons { "two seasons" } else { "as far as the rows allow" });
    let from = if windows.period.is_some() { "the season before" } else { "the last value" };
    choose("forecast", format!("counted from {from}"), "only what changes is learnt");
    if windows.log {
        choose("scale", "logarithm".into(), "above 0, and the largest is twice the least");
    }
    choices
}

/// The values of every number of the targets, in the order of the rows; none where a target is a class.
fn series(table: &Table) -> Vec<Vec<f64>> {
    if table.targets.iter().any(|target| target.spec.shape.indices) {
        return Vec::new();
    }
    let of_target = |target: &Field| {
        let (width, mut values) = (target.width(), Vec::new());
        (0..table.rows).for_each(|row| target.read(row, &mut values));
        let number = |at| values.iter().copied().skip(at).step_by(width).collect();
        (0..width).map(number).collect::<Vec<_>>()
    };
    table.targets.iter().flat_map(of_target).collect()
}

/// After how many steps the changes of a series repeat, if they do: the first lag of a peak of their
/// autocorrelation that is clear, and nearly as high as the highest.
fn period(values: &[f64]) -> Option<usize> {
    let changes: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mean = changes.iter().sum::<f64>() / changes.len().max(1) as f64;
    let product = |lag: usize| {
        let pairs = changes.iter().zip(&changes[lag..]);
        pairs.map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>()
    };
    let most = changes.len() / 3;
    let all = product(0);
    let correlation = |lag: usize| {
        // As many pairs as at lag 0, so that long lags are not at a disadvantage.
        product(lag) / all * changes.len() as f64 / (changes.len() - lag) as f64
    };
    let at: Vec<f64> = (0..=most).map(correlation).collect();
    let clear = |lag: usize| CLEAR.max(SURE / ((changes.len() - lag) as f64).sqrt());
    let peak = |lag: &usize| {
        let next = at.get(lag + 1).copied().unwrap_or(f64::NEG_INFINITY);
        at[*lag] >= at[lag - 1] && at[*lag] >= next && at[*lag] > clear(*lag)
    };
    let peaks: Vec<usize> = (2..=most).filter(peak).collect();
    let highest = peaks.iter().map(|&lag| at[lag]).fold(f64::NEG_INFINITY, f64::max);
    peaks.into_iter().find(|&lag| at[lag] >= NEARLY * highest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tanren_plugin::Seed;

    #[test]
    fn a_season_is_found_where_there_is_one() {
        let wave = |t: usize, period: f64| (t as f64 * std::f64::consts::TAU / period).sin();
        let sales: Vec<f64> = (0..120).map(|t| 100.0 + t as f64 + 20.0 * wave(t, 12.0)).collect();
        assert_eq!(period(&sales), Some(12));
        let week: Vec<f64> = (0..90).map(|t| f64::from(u8::from(t % 7 > 4))).collect();
        assert_eq!(period(&week), Some(7));
        let line: Vec<f64> = (0..90).map(f64::from).collect();
        assert_eq!(period(&line), None);
        for seed in 0..20 {
            let mut draws = Seed(seed).stream("noise").sample(0);
            let noise: Vec<f64> = (0..20 + 9 * seed).map(|_| draws.normal()).collect();
            assert_eq!(period(&noise), None, "seed {seed}");
        }
        assert_eq!(period(&[]), None);
        assert_eq!(period(&[1.0, 2.0]), None);
    }
}
