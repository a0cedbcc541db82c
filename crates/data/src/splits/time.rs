//! `time`: the last rows for testing, those before them for validation, the first to train on.

use crate::csv::column_name;
use crate::splits::folds::refuse_few;
use crate::splits::order::times;
use crate::splits::strata::{fraction_of, refuse_empty};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, DataError, Fold, Part, Split, Table, typetag};
use tanren_tensor::Stream;

/// A split that keeps the order of time, so that a model is tested on what comes after what it was
/// trained on.
///
/// Rows are in the order of the data or, with `column`, of its values there: times or numbers. Of N rows, the last
/// `test · N` are for testing, and of the rest the last `validation` times as many are for
/// validation, both rounded. Rows with the same value of `column` stay in one part: each limit
/// moves to the nearest one between two different values. Rows of
/// [`Windows`](crate::Windows) are in the order of what they know last, and one whose target is not all known
/// where the next part begins takes part in nothing. Nothing is random, and parts that the
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
    /// How many of the last times before each limit take no part, so that what a row foretells is not what
    /// the next one knows. Rows of windows that look ahead beyond the limit take none, whatever this is.
    #[serde(skip_serializing_if = "no_gap")]
    pub gap: usize,
}

const fn no_gap(gap: &usize) -> bool {
    *gap == 0
}

impl Default for TimeSplit {
    fn default() -> Self {
        Self { test: 0.2, validation: 0.1, column: None, gap: 0 }
    }
}

#[typetag::serde(name = "time")]
impl Split for TimeSplit {
    fn split(&self, table: &Table, stream: Stream) -> Result<Vec<Part>, DataError> {
        let parts = self.parts(table, stream)?.into_iter().collect::<Option<_>>();
        parts.ok_or_else(|| {
            let message = "the split by time leaves rows out, which belong to no part";
            DataError::new(&table.name, message)
        })
    }

    fn parts(&self, table: &Table, _: Stream) -> Result<Fold, DataError> {
        let mut left = self.in_order(table)?;
        let mut parts = vec![None; table.rows];
        for (part, fraction) in [(Part::Test, self.test), (Part::Validation, self.validation)] {
            let count = fraction_of(left.len(), fraction);
            let last = left.split_off(limit(&left, count));
            if count > 0 && left.is_empty() {
                return Err(self.indivisible(table, last.len()));
            }
            last.iter().for_each(|&(row, _)| parts[row] = Some(part));
            left = self.kept_apart(table, left, &last)?;
        }
        left.iter().for_each(|&(row, _)| parts[row] = Some(Part::Train));
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
            let mut train = self.kept_apart(table, before.to_vec(), test)?;
            let held_out = limit(&train, fraction_of(train.len(), self.validation));
            let validation = if held_out == 0 { Vec::new() } else { train.split_off(held_out) };
            let train = self.kept_apart(table, train, &validation)?;
            let mut fold: Fold = vec![None; table.rows];
            for (part, rows) in [
                (Part::Train, train.as_slice()),
                (Part::Validation, &validation),
                (Part::Test, test),
            ] {
                rows.iter().map(place).for_each(|row| fold[row] = Some(part));
            }
            Ok(fold)
        };
        begins.windows(2).map(turn).collect()
    }
}

/// A row and its time.
type Timed = (usize, f64);

impl TimeSplit {
    /// The rows in the order of their times: those of the column, else of their spans, else in the order of
    /// the data.
    fn in_order(&self, table: &Table) -> Result<Vec<Timed>, DataError> {
        let times = match (&self.column, &table.spans) {
            (Some(name), _) => times(table, "the split", name)?,
            (None, Some(spans)) => spans.iter().map(|span| span.origin).collect(),
            (None, None) => (0..table.rows).map(|row| row as f64).collect(),
        };
        let mut rows: Vec<Timed> = times.into_iter().enumerate().collect();
        rows.sort_by(|a, b| a.1.total_cmp(&b.1)); // stable: equal times in the order of the data
        Ok(rows)
    }

    /// The rows of `before` that have nothing of the rows `after`: not those of the last `gap` times, and none
    /// that looks ahead of what one of the others knows.
    fn apart(&self, table: &Table, before: &[Timed], after: &[Timed]) -> Vec<Timed> {
        let mut limits =
            before.chunk_by(|a, b| a.1 == b.1).rev().skip(self.gap).map(|same| same[0].1);
        let last = limits.next().unwrap_or(f64::NEG_INFINITY);
        let span = |row: usize| table.spans.as_ref().and_then(|spans| spans.get(row));
        let origins = after.iter().filter_map(|&(row, _)| Some(span(row)?.origin));
        let known = origins.fold(f64::INFINITY, f64::min);
        let apart =
            |&&(row, time): &&Timed| time <= last && span(row).is_none_or(|span| span.end <= known);
        before.iter().filter(apart).copied().collect()
    }

    /// Those of the rows `before` that are apart from the rows `after`, of which there may be none.
    ///
    /// # Errors
    /// When none is left.
    fn kept_apart(
        &self,
        table: &Table,
        before: Vec<Timed>,
        after: &[Timed],
    ) -> Result<Vec<Timed>, DataError> {
        if after.is_empty() {
            return Ok(before);
        }
        let kept = self.apart(table, &before, after);
        if kept.is_empty() && !before.is_empty() {
            let gap = match self.gap {
                0 => String::new(),
                gap => format!(" with a gap of {gap}"),
            };
            let message = format!(
                "the split by time leaves no rows before a limit: each of {} looks ahead beyond it{gap}; \
                 fewer steps ahead, or more rows, leave some",
                before.len()
            );
            return Err(DataError::new(&table.name, message));
        }
        Ok(kept)
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
