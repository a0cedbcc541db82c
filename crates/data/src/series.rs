//! `Series`: the rows of each series of a table, in the order of time.

use crate::splits::key::{Column, find};
use crate::splits::order::times;
use std::collections::HashMap;
use tanren_plugin::{DataError, Plugin, Schema, Source, Table, UNKNOWN};

/// Who asks for columns, as errors say it.
const WHO: &str = "the source";

/// How much longer than the shortest time between two steps the longest may be before a note tells.
const UNEQUAL: f64 = 1.5;

/// One series.
pub(crate) struct Series {
    /// What it is called; none where there is but one.
    pub(crate) name: Option<String>,
    pub(crate) rows: Vec<usize>,
}

/// All series of a table, and the time of each of its rows.
pub(crate) struct All {
    pub(crate) series: Vec<Series>,
    pub(crate) times: Vec<f64>,
    pub(crate) notes: Vec<String>,
}

impl All {
    /// The series of a table by the column that says which one a row is of, in the order in which they
    /// begin there, each in the order of the data; and the times of its rows, which are steps without a
    /// column for them.
    ///
    /// # Errors
    /// When a column is missing, or times do not rise.
    pub(crate) fn of(
        table: &Table,
        series: Option<&str>,
        order: Option<&str>,
    ) -> Result<Self, DataError> {
        let series = match series {
            None => vec![Series { name: None, rows: (0..table.rows).collect() }],
            Some(name) => by_key(table, find(table, WHO, name)?, name)?,
        };
        let mut notes = Vec::new();
        let times = match order {
            Some(order) => {
                let times = times(table, WHO, order)?;
                notes.extend(check(table, &series, order, &times)?);
                times
            }
            None => {
                let mut steps = vec![0.0; table.rows];
                let counted = series.iter().flat_map(|series| series.rows.iter().enumerate());
                counted.for_each(|(step, &row)| steps[row] = step as f64);
                steps
            }
        };
        Ok(Self { series, times, notes })
    }
}

/// The error with the line of its row in the source a table is of, and with what a note of that table says of it:
/// what counts as missing may be there, in a form that nobody expected.
pub(crate) fn located(
    of: &Plugin<dyn Source>,
    schema: Option<&Schema>,
    table: &Table,
    error: DataError,
) -> DataError {
    let mut error = of.in_line(schema, error);
    let Some(line) = error.line else { return error };
    let line = format!("in line {line}");
    if let Some(note) = table.notes.iter().find(|note| note.ends_with(&line)) {
        error.message = format!("{} ({note})", error.message);
    }
    error
}

/// Rows with the same key, in the order of the data.
fn by_key(table: &Table, column: Column<'_>, name: &str) -> Result<Vec<Series>, DataError> {
    let (mut series, mut places): (Vec<Series>, _) = (Vec::new(), HashMap::new());
    for row in 0..table.rows {
        let key = column.key(row);
        let known = !column.levels().is_empty();
        if key.is_nan() || known && key == UNKNOWN {
            let message = match key.is_nan() {
                true => "expected the name of a series, found a missing value",
                false => {
                    "expected the name of a series, found one that the model does not know; name the column in \
                     `beside` to read any"
                }
            };
            return Err(DataError::new(&table.name, message).row(table.number(row)).column(name));
        }
        let place = *places.entry(key.to_bits()).or_insert_with(|| {
            let level = column.levels().get(key as usize).cloned();
            let name = Some(level.unwrap_or_else(|| key.to_string()));
            series.push(Series { name, rows: Vec::new() });
            series.len() - 1
        });
        series[place].rows.push(row);
    }
    Ok(series)
}

/// Whether times rise within each series; a note where they are not equally far apart.
fn check(
    table: &Table,
    series: &[Series],
    order: &str,
    times: &[f64],
) -> Result<Option<String>, DataError> {
    let (mut shortest, mut longest) = (f64::INFINITY, (0.0, 0));
    for pair in series.iter().flat_map(|series| series.rows.windows(2)) {
        let (before, row) = (pair[0], pair[1]);
        let apart = times[row] - times[before];
        if apart <= 0.0 {
            let found = if apart == 0.0 { "the same" } else { "an earlier one" };
            let number = table.number(before);
            let sort = match apart < 0.0 {
                true => format!("; sort the rows by {order}, from the earliest on"),
                false => String::new(),
            };
            // A time that comes again may be that of another series.
            let several = match series {
                [one] if one.name.is_none() => {
                    "; if these are several series, name the column that tells which one a row is of in \
                     `series`"
                }
                _ => "",
            };
            let message = format!(
                "expected a later time than in row {number}, the step before it, found {found}{sort}{several}"
            );
            return Err(DataError::new(&table.name, message).row(table.number(row)).column(order));
        }
        shortest = apart.min(shortest);
        if apart > longest.0 {
            longest = (apart, row);
        }
    }
    let (longest, row) = longest;
    let is_time = find(table, WHO, order).is_ok_and(|column| column.is_time());
    Ok((longest > UNEQUAL * shortest).then(|| {
        format!(
            "column {order}: between {} and {} (before row {}) lie between two steps; what is done counts \
             steps, whatever lies between them",
            apart(shortest, is_time),
            apart(longest, is_time),
            table.number(row)
        )
    }))
}

/// How far apart two steps are: a number, or a time in days or in hours.
fn apart(distance: f64, is_time: bool) -> String {
    let (number, unit) = match is_time {
        false => return distance.to_string(),
        true if distance < 1.0 => (24.0 * distance, "hours"),
        true => (distance, "days"),
    };
    let number = (100.0 * number).round() / 100.0;
    format!("{number} {}", if number == 1.0 { unit.trim_end_matches('s') } else { unit })
}
