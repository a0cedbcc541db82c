//! `sample` of a forecasting model: how series could go on, by forecasts that are taken for what came.
//!
//! What a forecast leaves to chance is drawn from what the model got wrong: its errors at all steps of one window of
//! the data, another one for each forecast, times the temperature (R. Hyndman, G. Athanasopoulos, *Forecasting:
//! principles and practice*, 3rd ed. (2021), section 5.5, bootstrapped residuals). Where the logarithm of a series
//! is forecast, errors are factors.

use crate::args;
use crate::failure::{Failure, Kind};
use crate::files::history::quoted;
use crate::input::data;
use crate::output::console::Console;
use std::fmt::Write as _;
use tanren_data::{Onwards, Windows};
use tanren_network::{Model, Predictor};
use tanren_plugin::{DataError, Plugin, Seed, Source, Table};
use tanren_tensor::Draws;

/// The most steps that are gone on for.
const MOST: usize = 1 << 20;

/// The text of a table with a line for each step of each series.
pub(super) fn sample(
    args: &args::Sample,
    (model, windows): (Model, Windows),
    source: &Plugin<dyn Source>,
    console: &mut Console<'_>,
) -> Result<String, Failure> {
    for (option, given) in [("--prompt", args.prompt.is_some()), ("--top-k", args.top_k.is_some())]
    {
        if given {
            let message =
                format!("{option} is for a model of text, and this one forecasts a series");
            return Err(Failure::new(Kind::Usage, message));
        }
    }
    let steps = args.length.map_or(windows.horizon, |n| usize::try_from(n).unwrap_or(usize::MAX));
    if steps > MOST {
        let message = format!("--length: expected at most {MOST} steps of a series, found {steps}");
        return Err(Failure::new(Kind::Usage, message));
    }
    let schema = model.spec().schema();
    // Where the data at hand are too short to see how far off the model is, those it was trained on tell.
    let own = data::for_model((&model, &args.model), None, None).ok();
    let mut predictor = Predictor::new(model);
    let onwards = console.busy("forecasting", || {
        let errors = match args.temperature > 0.0 {
            true => {
                let opened = source.open_for(&schema);
                let opened = opened.or_else(|error| match &own {
                    Some(own) => own.open_for(&schema).map_err(|_| error),
                    None => Err(error),
                });
                errors(&opened?, &mut predictor)?
            }
            false => Vec::new(),
        };
        let draws = Seed(args.seed).stream("sample").sample(0);
        let mut chance = Chance { errors, temperature: args.temperature, draws };
        windows.go_on(&schema.without_targets(), steps, &mut |table| {
            let mut values = predicted(table, &mut predictor)?;
            let width = values.len() / table.rows.max(1);
            values.chunks_mut(width.max(1)).for_each(|row| chance.change(row, is_log(table)));
            Ok(values)
        })
    });
    let settings = serde_json::to_value(source).unwrap_or_default(); // else it names no files
    let onwards = onwards.map_err(|error: DataError| Failure::rows(error, &settings))?;
    Ok(lines(windows.series.as_deref(), &onwards))
}

/// What the model predicts for all rows, in own units.
fn predicted(table: &Table, predictor: &mut Predictor) -> Result<Vec<f64>, DataError> {
    let all: Vec<usize> = (0..table.rows).collect();
    let mut values = Vec::new();
    for rows in all.chunks(CHUNK) {
        let predictions = predictor.table(table, rows)?.to_vec();
        values.extend(predictions.into_iter().take(1).flat_map(|output| output.values));
    }
    Ok(values)
}

/// Rows that are predicted at once.
const CHUNK: usize = 4096;

/// Whether what is forecast is the logarithm of a series.
fn is_log(table: &Table) -> bool {
    table.frames.first().is_some_and(|frame| frame.as_ref().is_some_and(|f| f.exponential))
}

/// How far off the model is in every row whose target is known: a factor of a logarithm, else a difference.
fn errors(table: &Table, predictor: &mut Predictor) -> Result<Vec<Vec<f64>>, DataError> {
    let values = predicted(table, predictor)?;
    let Some(target) = table.targets.first() else { return Ok(Vec::new()) };
    let error = |(row, predicted): (usize, &[f64])| {
        let mut own = Vec::new();
        target.read(row, &mut own);
        if let Some(Some(frame)) = table.frames.first() {
            frame.to_own_units((row, table.rows), &mut own);
        }
        let pairs = own.into_iter().zip(predicted);
        match is_log(table) {
            true => pairs.map(|(own, predicted)| own / predicted).collect(),
            false => pairs.map(|(own, predicted)| own - predicted).collect(),
        }
    };
    Ok(values.chunks(target.width().max(1)).enumerate().map(error).collect())
}

/// What is left to chance.
struct Chance {
    errors: Vec<Vec<f64>>,
    temperature: f64,
    draws: Draws,
}

impl Chance {
    /// Changes a forecast by errors that are drawn.
    fn change(&mut self, forecast: &mut [f64], factors: bool) {
        if self.errors.is_empty() {
            return;
        }
        let error = &self.errors[self.draws.below(self.errors.len() as u64) as usize];
        for (value, error) in forecast.iter_mut().zip(error) {
            match factors {
                true => *value *= error.powf(self.temperature),
                false => *value += self.temperature * error,
            }
        }
    }
}

/// A line for each step of each series, below a header.
fn lines(series: Option<&str>, all: &[Onwards]) -> String {
    let mut text = String::new();
    let names = all.first().into_iter().flat_map(|onwards| &onwards.values);
    let names: Vec<String> = names.map(|(name, _)| quoted(name)).collect();
    let mut ahead = "ahead".to_owned();
    while names.contains(&ahead) || series == Some(&ahead) {
        ahead.insert_str(0, "steps_");
    }
    let header = series.map(quoted).into_iter().chain([ahead]).chain(names);
    let mut line = |cells: Vec<String>| {
        let _ = writeln!(text, "{}", cells.join(","));
    };
    line(header.collect());
    for Onwards { series: name, values } in all {
        let steps = values.first().map_or(0, |(_, values)| values.len());
        for step in 0..steps {
            let own = values.iter().map(|(_, values)| format!("{:?}", values[step]));
            let known = series.map(|_| quoted(name.as_deref().unwrap_or_default()));
            line(known.into_iter().chain([(step + 1).to_string()]).chain(own).collect());
        }
    }
    text
}
