//! `--horizon` and `--series`: a table as time series, of which the next values are to be forecast, or each of which
//! is a sequence.

mod sequences;
mod windows;

use crate::args;
use crate::automatic::Choice;
use crate::failure::{Failure, Kind};
use crate::input::data;
use crate::input::held_out::of_options;
use crate::recipe;
use serde_json::Value;
use tanren_plugin::{DataError, Plugin, Source};

pub(crate) use windows::windows_of;

/// A source, the settings that are not its own, and what was chosen for it.
type Given = (Plugin<dyn Source>, Vec<String>, Vec<Choice>);

/// The data of this name with the settings among `sets` that are theirs, as [`data::source`] gives them; as windows
/// where `--horizon` asks for these or sequences where `--series` does, and what was chosen for them.
/// `data.source.of` is then the table.
pub(crate) fn source(name: &str, data: &args::Data, sets: &[String]) -> Result<Given, Failure> {
    let of = format!("{}.of", recipe::SOURCE);
    let of_table = |set: &String| {
        let rest = set.trim_start().strip_prefix(&of)?;
        rest.starts_with(['.', '[', '=']).then(|| format!("{}{rest}", recipe::SOURCE))
    };
    let made = data.horizon.is_some() || data.time.is_some() || data.series.is_some();
    let inner = |set: &String| if made { of_table(set) } else { Some(set.clone()) };
    let (of_inner, others): (Vec<_>, Vec<_>) = sets.iter().partition(|set| inner(set).is_some());
    let of_inner: Vec<String> = of_inner.into_iter().filter_map(inner).collect();
    let (table, mut changes) = data::source(name, data, &of_inner)?;
    let others: Vec<String> = others.into_iter().cloned().collect();
    let by = By { time: called(&table, &data.time), series: called(&table, &data.series) };
    let (source, choices) = match (data.horizon, &data.series) {
        (Some(horizon), _) => windows::windows(table, horizon, (data, &by), &others)?,
        (None, Some(_)) => sequences::sequences(table, (data, &by))?,
        (None, None) if data.time.is_some() => {
            let message = "--time needs --horizon N, the number of steps to forecast, or --series COLUMN, which \
                           says which rows are one sequence";
            return Err(Failure::new(Kind::Usage, message));
        }
        (None, None) => (table, Vec::new()),
    };
    let (source, more) = recipe::set_source(source, &others)?;
    changes.extend(more);
    Ok((source, changes, choices))
}

/// The columns by which rows are series, by their names.
struct By {
    time: Option<String>,
    series: Option<String>,
}

impl By {
    fn all(&self) -> impl Iterator<Item = &String> {
        self.time.iter().chain(&self.series)
    }
}

/// The name of a column that an option names by its position. What cannot be read stays as it is: others say why.
fn called(of: &Plugin<dyn Source>, column: &Option<String>) -> Option<String> {
    let given = column.clone()?;
    if given.parse::<i64>().is_err() {
        return Some(given);
    }
    let alone = set(of.clone(), "beside", vec![given.clone()].into()).ok();
    let table = alone.and_then(|of| of.open().ok());
    let name = table.and_then(|table| table.beside.first().map(|field| field.spec.name.clone()));
    Some(name.unwrap_or(given))
}

/// A source with a setting changed.
fn set(of: Plugin<dyn Source>, setting: &str, value: Value) -> Result<Plugin<dyn Source>, Failure> {
    let set = format!("{}.{setting}={value}", recipe::SOURCE);
    recipe::set_source(of, &[set]).map(|(of, _)| of)
}

/// A file with these columns beside its inputs: what tells series apart is none of their values, and may be another in
/// new data.
fn beside(of: Plugin<dyn Source>, by: &By) -> Result<Plugin<dyn Source>, Failure> {
    if by.all().next().is_none() {
        return Ok(of);
    }
    let source = serde_json::to_value(&of).unwrap_or_default();
    let mut beside = source["beside"].as_array().cloned().unwrap_or_default();
    for name in by.all() {
        if !beside.iter().any(|known| known == name.as_str()) {
            beside.push(name.as_str().into());
        }
    }
    let message = "--time and --series need columns with names, as in a CSV file";
    set(of, "beside", beside.into()).map_err(|_| Failure::new(Kind::Usage, message))
}

/// The series of a source that options made cannot be read. Whoever says --time or --series has not said `beside`.
fn cannot(source: &Plugin<dyn Source>, data: &args::Data, mut error: DataError) -> Failure {
    let is_about = |name: &String| {
        error.message.contains(&format!("{name:?}")) || error.column.as_ref() == Some(name)
    };
    let option = if data.time.as_ref().is_some_and(is_about) { "--time" } else { "--series" };
    if (data.time.is_some() || data.series.is_some()) && !error.message.contains("in `beside`") {
        error.message = error.message.replace("`beside`", option);
    }
    of_options(source, error)
}
