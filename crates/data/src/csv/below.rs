//! `Below`: what the records below the first say about whether it is a header.

use super::cell::{Words, is_placeholder, is_value};
use super::form::form;
use super::memo::Memo;
use super::records::{Record, Records};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use tanren_plugin::DataError;

/// How many records below the first are looked at for whether they resemble it.
const LOOK: usize = 200;

/// The most columns whose values are compared.
const COLUMNS: usize = 1000;

/// What a column has below the first record.
#[derive(Default)]
pub(super) struct Column {
    /// Hashes of its cells, since texts may be long.
    seen: HashSet<u64>,
    /// Whether a cell occurs again.
    again: bool,
    /// Whether a cell is that of the first record.
    pub(super) as_first: bool,
    /// Its cell in the second record.
    second: String,
    /// From the third record on: cells that are numbers or dates, and texts.
    values: usize,
    texts: usize,
    /// The smallest and the largest plain number.
    pub(super) range: Option<(f64, f64)>,
    /// Whole numbers that may be years.
    pub(super) years: usize,
}

/// What the records below the first say.
pub(super) struct Below {
    /// Whether there are any with something in a cell.
    pub(super) any: bool,
    /// Whether some cell is a value: a number or a date.
    pub(super) values: bool,
    /// Whether the texts of the first record are none of those below, although these recur.
    pub(super) differs: bool,
    /// How many were looked at.
    pub(super) rows: usize,
    /// In how many of them whole numbers count up by one wherever the first record has numbers.
    pub(super) runs: usize,
    /// How many lines so far were drawn with dashes.
    pub(super) rules: u64,
    pub(super) columns: Vec<Column>,
}

impl Below {
    /// Looks at the records that follow the `first`.
    pub(super) fn look(
        first: &[String],
        words: &Words,
        records: &mut Records,
    ) -> Result<Self, DataError> {
        let mut columns: Vec<Column> =
            first.iter().take(COLUMNS).map(|_| Column::default()).collect();
        let counted: Vec<usize> = (0..first.len()).filter(|&c| is_value(&first[c])).collect();
        let (mut any, mut rows, mut runs, mut values) = (false, 0, 0, false);
        // Texts that are no values, since they recur.
        let mut texts: Vec<Memo<()>> =
            columns.iter().map(|_| Memo::of_column(first.len())).collect();
        while let Some(record) = records.next()? {
            any = any || !record.is_blank();
            values = values || has_value(record, &mut texts);
            if rows == LOOK {
                if values {
                    break;
                }
                continue;
            }
            rows += 1;
            runs += usize::from(is_run(record, &counted));
            for ((column, cell), first) in columns.iter_mut().zip(record.cells()).zip(first) {
                column.see(cell, first, rows == 1, words);
            }
        }
        let recur = columns.iter().filter(|column| column.again).count();
        let as_first = columns.iter().any(|column| column.as_first);
        let differs = rows >= 5 && !as_first && 2 * recur >= columns.len();
        let rules = records.rules;
        Ok(Self { any, values, differs, rows, runs, rules, columns })
    }

    /// Whether a column has nothing but numbers and dates, and what is missing.
    pub(super) fn has_numbers(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|column| {
            let second = column.second.is_empty() || is_value(&column.second);
            column.is_numeric() && (second || is_placeholder(&column.second))
        })
    }

    /// Whether the first of these records has units: a text above every column of numbers, of which
    /// there are several or which is in brackets. Without them it may be a guess.
    pub(super) fn begins_with_units(&self, words: &Words, brackets_only: bool) -> bool {
        let above = self.columns.iter().filter(|column| column.is_numeric());
        let texts: Vec<&str> = above.map(|column| column.second.as_str()).collect();
        let is_unit = |text: &str| is_unit(text, words);
        let in_brackets = |text: &str| {
            text.starts_with(['(', '[']) && text.ends_with([')', ']']) && is_unit(text)
        };
        let bracketed = texts.iter().filter(|text| in_brackets(text)).count();
        let units = texts.iter().filter(|text| !text.is_empty() && is_unit(text)).count();
        let empty = texts.iter().filter(|text| text.is_empty() || is_placeholder(text)).count();
        let all = |count: usize| count > 0 && count + empty == texts.len();
        let guessed = || texts.len() >= 2 && units == texts.len();
        let mixed = || bracketed > 0 && units + empty == texts.len();
        self.rows >= 3
            && match brackets_only {
                true => all(bracketed),
                false => mixed() || guessed(),
            }
    }

    /// Whether the first of these records has these units below these names, as far as they are there.
    pub(super) fn has_units(&self, names: &[String], units: &[(&str, &str)]) -> bool {
        let mut found = units.iter().filter_map(|(column, unit)| {
            let place = names.iter().position(|name| form(name) == form(column))?;
            Some(self.columns.get(place)?.second == *unit)
        });
        found.next() == Some(true) && found.all(|equal| equal)
    }

    /// Where the first of these records has texts that may be units above numbers for a model, and no
    /// numbers: which of them are others than these, of the columns with these names.
    pub(super) fn other_units(
        &self,
        names: &[String],
        units: &[(&str, &str)],
        words: &Words,
    ) -> Vec<String> {
        let found = units.iter().filter_map(|&(name, unit)| {
            let place = names.iter().position(|other| form(other) == form(name))?;
            let column = self.columns.get(place).filter(|column| column.is_numeric())?;
            Some((name, unit, column.second.as_str()))
        });
        let found: Vec<_> = found.collect();
        let row = self.columns.iter().any(|column| column.is_numeric() && is_value(&column.second));
        if row || !found.iter().all(|(.., second)| is_unit(second, words)) {
            return Vec::new();
        }
        let others = found.into_iter().filter(|(_, unit, second)| unit != second);
        others.map(|(name, unit, second)| format!("{name}: {second}, not {unit}")).collect()
    }

    /// The cells of the first of these records.
    pub(super) fn second(&self) -> impl ExactSizeIterator<Item = &str> {
        self.columns.iter().map(|column| column.second.as_str())
    }
}

impl Column {
    /// Looks at a cell, which may be one of the second record.
    fn see(&mut self, cell: &str, first: &str, second: bool, words: &Words) {
        if second {
            cell.clone_into(&mut self.second);
        }
        if cell.is_empty() {
            return;
        }
        self.as_first |= cell == first;
        self.again |= !self.seen.insert(hash(cell));
        if !second && is_value(cell) {
            self.values += 1;
        } else if !second && !words.missing(cell) {
            self.texts += 1;
        }
        if let Ok(number) = cell.parse::<f64>() {
            self.years += usize::from(is_year(cell));
            let (least, most) = self.range.unwrap_or((number, number));
            self.range = Some((least.min(number), most.max(number)));
        }
    }

    /// Whether all cells from the third record on are numbers or dates.
    fn is_numeric(&self) -> bool {
        self.values > 0 && self.texts == 0
    }
}

/// Whether a text may be a unit.
fn is_unit(text: &str, words: &Words) -> bool {
    !is_value(text) && !words.missing(text) && !is_placeholder(text)
}

/// Whether a text may be a year.
pub(super) fn is_year(text: &str) -> bool {
    text.len() == 4 && text.parse::<u16>().is_ok_and(|year| (1900..=2100).contains(&year))
}

/// Whether some cells of a record are whole numbers that count up by one.
fn is_run(record: Record<'_>, columns: &[usize]) -> bool {
    let mut numbers = columns.iter().map(|&column| record.cell(column).parse::<u64>().ok());
    let Some(Some(mut last)) = numbers.next() else { return false };
    numbers.all(|number| {
        let next = number.is_some_and(|number| Some(number) == last.checked_add(1));
        last = number.unwrap_or(last);
        next
    })
}

/// Whether a cell is a value; the texts of the first columns that are none are kept.
fn has_value(record: Record<'_>, texts: &mut [Memo<()>]) -> bool {
    let (mut cells, mut texts) = (record.cells(), texts.iter_mut());
    cells.any(|cell| {
        let Some(texts) = texts.next() else { return is_value(cell) };
        let known = texts.find(cell).is_some();
        let value = !known && is_value(cell);
        if !known && !value {
            texts.keep(cell, ());
        }
        value
    })
}

fn hash(cell: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    cell.hash(&mut hasher);
    hasher.finish()
}
