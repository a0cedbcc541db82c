//! `time`: the last rows for testing, those before them for validation, the first to train on.

use crate::csv::column_name;
use crate::splits::folds::refuse_few;
use crate::splits::key::find;
use crate::splits::strata::{fraction_of, refuse_empty};
use crate::splits::texts;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, DataError, Fold, Part, Split, Table, typetag};
use tanren_tensor::Stream;

/// A split that keeps the order of time, so that a model is tested on what comes after what it was
/// trained on.
///
/// Rows are in the order of the data or, with `column`, of its values there: times or numbers. Of N rows, the last
/// `test · N` are for testing, and of the rest the last `validation` times as many are for
/// validation, both rounded. Rows with the same value of `column` stay in one part: each limit
/// moves to the nearest one between two different values. Nothing is random, and parts that the
/// source gave are ignored.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct TimeSplit {
    /// Share of the rows for testing, in [0, 1).
    #[setting(from = 0, below = 1)]
    pub test: f64,
    /// Share of the other rows for validation, in [0, 1).
    #[setting(from = 0, below = 1)]
    pub validation: f64,
    /// The column that holds the time, an input or one beside the inputs
    /// ([`Csv::beside`](crate::Csv)); without it, rows are in the order of the data.
    #[serde(deserialize_with = "column_name::optional", skip_serializing_if = "Option::is_none")]
    #[setting(kind = column_name::name_kind)]
    pub column: Option<String>,
}

impl Default for TimeSplit {
    fn default() -> Self {
        Self { test: 0.2, validation: 0.1, column: None }
    }
}

#[typetag::serde(name = "time")]
impl Split for TimeSplit {
    fn split(&self, table: &Table, _: Stream) -> Result<Vec<Part>, DataError> {
        let rows = self.in_order(table)?;
        let mut parts = vec![Part::Train; table.rows];
        let mut left = rows.as_slice();
        for (part, fraction) in [(Part::Test, self.test), (Part::Validation, self.validation)] {
            let count = fraction_of(left.len(), fraction);
            let (before, last) = left.split_at_checked(limit(left, count)).unwrap_or_default();
            if count > 0 && before.is_empty() {
                return Err(self.indivisible(table, left.len()));
            }
            last.iter().for_each(|&(row, _)| parts[row] = part);
            left = before;
        }
        refuse_empty(left.len(), table)?;
        Ok(parts)
    }

    /// The rows are cut into one part more than there are folds. In each turn the next part tests, after
    /// training on all before it, of which the last rows validate; what comes later takes no part. `test`
    /// is not used.
    fn folds(&self, table: &Table, folds: usize, _: Stream) -> Result<Vec<Fold>, DataError> {
        let rows = self.in_order(table)?;
        refuse_few(table, folds, rows.len().saturating_sub(1), "rows beside the first one")?;
        let all = rows.len();
        // Where the part begins that tests in turn k, from 1.
        let begin = |k: usize| limit(&rows, all - all * k / (folds + 1));
        let begins: Vec<usize> = (1..=folds).map(begin).chain([all]).collect();
        if begins[0] == 0 || begins.windows(2).any(|pair| pair[0] >= pair[1]) {
            let column = self.column.as_deref().unwrap_or_default();
            let message = format!(
                "{folds} folds need {} parts of rows with different values of {column:?}, and about as many rows",
                folds + 1
            );
            return Err(DataError::new(&table.name, message));
        }
        let place = |&(row, _): &Timed| row;
        let turn = |pair: &[usize]| {
            let (before, test) = (&rows[..pair[0]], &rows[pair[0]..pair[1]]);
            let held_out = limit(before, fraction_of(before.len(), self.validation));
            let mut fold: Fold = vec![None; table.rows];
            let (train, validation) =
                before.split_at(if held_out == 0 { before.len() } else { held_out });
            for (part, rows) in
                [(Part::Train, train), (Part::Validation, validation), (Part::Test, test)]
            {
                rows.iter().map(place).for_each(|row| fold[row] = Some(part));
            }
            fold
        };
        Ok(begins.windows(2).map(turn).collect())
    }
}

/// A row and its time.
type Timed = (usize, f64);

impl TimeSplit {
    /// The rows in the order of their times.
    fn in_order(&self, table: &Table) -> Result<Vec<Timed>, DataError> {
        let Some(name) = &self.column else {
            return Ok((0..table.rows).map(|row| (row, row as f64)).collect());
        };
        let column = find(table, name)?;
        let mut rows: Vec<Timed> = (0..table.rows).map(|row| (row, column.key(row))).collect();
        if !column.levels().is_empty() {
            self.of_texts(table, column.levels(), &mut rows)?;
        }
        if let Some(&(row, _)) = rows.iter().find(|(_, time)| time.is_nan()) {
            let message =
                "expected a time, by which the split puts rows in order, found a missing value";
            return Err(DataError::new(&table.name, message).row(table.number(row)).column(name));
        }
        rows.sort_by(|a, b| a.1.total_cmp(&b.1)); // stable: equal times in the order of the data
        Ok(rows)
    }

    /// Gives rows whose keys are places among the `levels` of a category the times that these are.
    fn of_texts(
        &self,
        table: &Table,
        levels: &[String],
        rows: &mut [Timed],
    ) -> Result<(), DataError> {
        let name = self.column.as_deref().unwrap_or_default();
        let times = texts::times(name, levels).map_err(|(level, message)| {
            let error = DataError::new(&table.name, message).column(name);
            let row = rows.iter().find(|(_, key)| *key == level as f64);
            row.map_or(error.clone(), |&(row, _)| error.row(table.number(row)))
        })?;
        let time = |key: f64| {
            let level = Some(key).filter(|key| *key >= 0.0).map(|key| key as usize);
            level.and_then(|level| times.get(level)).copied().unwrap_or(f64::NAN)
        };
        rows.iter_mut().for_each(|(_, key)| *key = time(*key));
        Ok(())
    }

    /// What to say when rows cannot be divided.
    fn indivisible(&self, table: &Table, rows: usize) -> DataError {
        let message = match &self.column {
            Some(name) if rows > 1 => format!(
                "the split by time cannot divide {rows} rows that all have the same value of {name:?}"
            ),
            _ => format!("the split leaves no rows for training, of {} rows", table.rows),
        };
        DataError::new(&table.name, message)
    }
}

/// Where the last `count` rows begin, or as near as a limit between two times is; 0 if there is no
/// limit. Some rows are left on both sides, unless `count` is 0.
fn limit(rows: &[Timed], count: usize) -> usize {
    if count == 0 {
        return rows.len();
    }
    let wanted = rows.len().saturating_sub(count);
    let between = rows.windows(2).enumerate().filter(|(_, pair)| pair[0].1 != pair[1].1);
    let limits = between.map(|(before, _)| before + 1);
    limits.min_by_key(|limit| limit.abs_diff(wanted)).unwrap_or(0)
}
