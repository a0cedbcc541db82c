//! `times`: the times of rows, by which they are put in order.

use crate::splits::key::find;
use crate::splits::texts;
use tanren_plugin::{DataError, Table};

/// The time of each row by the column that `name` names, as `who` needs them.
///
/// # Errors
/// When there is no such column, or it is missing in a row or no time there.
pub(crate) fn times(table: &Table, who: &str, name: &str) -> Result<Vec<f64>, DataError> {
    let column = find(table, who, name)?;
    let mut times: Vec<f64> = (0..table.rows).map(|row| column.key(row)).collect();
    if !column.levels().is_empty() {
        of_texts(table, (who, name), column.levels(), &mut times)?;
    }
    match times.iter().position(|time| time.is_nan()) {
        None => Ok(times),
        Some(row) => {
            let message = format!(
                "expected a time, by which {who} puts rows in order, found a missing value"
            );
            Err(DataError::new(&table.name, message).row(table.number(row)).column(name))
        }
    }
}

/// Gives rows whose keys are places among the `levels` of a category the times that these are.
fn of_texts(
    table: &Table,
    (who, name): (&str, &str),
    levels: &[String],
    keys: &mut [f64],
) -> Result<(), DataError> {
    let times = texts::times(who, name, levels).map_err(|(level, message)| {
        let error = DataError::new(&table.name, message).column(name);
        let row = keys.iter().position(|key| *key == level as f64);
        row.map_or(error.clone(), |row| error.row(table.number(row)))
    })?;
    let time = |key: f64| {
        let level = Some(key).filter(|key| *key >= 0.0).map(|key| key as usize);
        level.and_then(|level| times.get(level)).copied().unwrap_or(f64::NAN)
    };
    keys.iter_mut().for_each(|key| *key = time(*key));
    Ok(())
}
