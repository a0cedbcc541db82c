//! The header of a file: whether its first record names the columns, and what it calls them.

use super::cell::{is_value, quoted};
use super::memo::Memo;
use super::records::{Record, Records};
use crate::file::notes::counted;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use tanren_plugin::DataError;

/// How many records below the first are looked at for whether they resemble it.
const LOOK: usize = 200;

/// The most columns whose values are compared.
const COLUMNS: usize = 1000;

/// What the records below the first say.
pub(super) struct Below {
    /// Whether there are any.
    pub(super) any: bool,
    /// Whether some cell is a value: a number or a date.
    pub(super) values: bool,
    /// Whether the texts of the first record are none of those below, although these recur.
    pub(super) differs: bool,
    /// Whether the record below the first has the units of the numbers that follow it.
    pub(super) units: bool,
}

impl Below {
    /// Looks at the records that follow the `first`.
    pub(super) fn look(first: &[String], records: &mut Records) -> Result<Self, DataError> {
        let columns = first.len().min(COLUMNS);
        // Hashes, since texts may be long.
        let mut seen: Vec<HashSet<u64>> = vec![HashSet::new(); columns];
        let (mut again, mut as_first) = (vec![false; columns], false);
        // The second record, and the columns in which all later ones have numbers.
        let (mut second, mut numeric): (Vec<String>, Vec<bool>) = (Vec::new(), Vec::new());
        let (mut rows, mut values) = (0, false);
        // Texts that are no values, since they recur.
        let mut texts: Vec<Memo<()>> = (0..columns).map(|_| Memo::of_column(first.len())).collect();
        while let Some(record) = records.next()? {
            values = values || has_value(record, &mut texts);
            rows += 1;
            if rows > LOOK {
                if values {
                    break;
                }
                continue;
            }
            let cells = || record.cells().take(columns);
            for (((cell, first), seen), again) in cells().zip(first).zip(&mut seen).zip(&mut again)
            {
                as_first |= !cell.is_empty() && cell == first;
                *again |= !cell.is_empty() && !seen.insert(hash(cell));
            }
            match rows {
                1 => second = cells().map(str::to_owned).collect(),
                2 => numeric = cells().map(is_value).collect(),
                _ => numeric.iter_mut().zip(cells()).for_each(|(all, cell)| {
                    *all &= cell.is_empty() || is_value(cell);
                }),
            }
        }
        let recur = again.iter().filter(|again| **again).count();
        let differs = rows >= 5 && !as_first && 2 * recur >= columns;
        let units = rows >= 3 && is_units(&second, &numeric);
        Ok(Self { any: rows > 0, values, differs, units })
    }
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

/// Whether a record holds units: a text above every column of numbers, of which there are several or
/// which is in brackets.
fn is_units(record: &[String], numeric: &[bool]) -> bool {
    let above = record.iter().zip(numeric).filter(|(_, numeric)| **numeric);
    let texts: Vec<&String> = above.map(|(cell, _)| cell).collect();
    let in_brackets = |text: &&&String| text.starts_with(['(', '[']) && text.ends_with([')', ']']);
    let bracketed = texts.iter().filter(in_brackets).count();
    let no_value = |text: &&String| !is_value(text);
    let said = texts.iter().filter(|text| !text.is_empty()).count();
    texts.iter().all(no_value) && (bracketed > 0 || texts.len() >= 2 && said == texts.len())
}

/// The names in a header, each of them once: a column without a name is called by its position, one
/// whose name is taken gets a number. And what was done, if anything was.
pub(super) fn names(cells: Vec<String>) -> (Vec<String>, Vec<String>) {
    let mut taken: HashSet<String> = HashSet::with_capacity(cells.len());
    let mut notes = Vec::new();
    let given: HashSet<String> = cells.iter().cloned().collect();
    let mut nameless = 0;
    let mut names = Vec::with_capacity(cells.len());
    for (index, cell) in cells.into_iter().enumerate() {
        let wanted = if cell.is_empty() { index.to_string() } else { cell.clone() };
        nameless += usize::from(cell.is_empty());
        let is_free = |name: &String, taken: &HashSet<String>| {
            !taken.contains(name) && (*name == cell || !given.contains(name))
        };
        let mut name = wanted.clone();
        let mut number = 1;
        while !is_free(&name, &taken) {
            name = format!("{wanted}.{number}");
            number += 1;
        }
        if name != wanted {
            notes.push(format!(
                "another column {}: called {} here",
                quoted(&wanted),
                quoted(&name)
            ));
        }
        taken.insert(name.clone());
        names.push(name);
    }
    if nameless > 0 {
        let columns = counted(nameless, "column");
        let called = if nameless == 1 { "it is" } else { "they are" };
        notes.push(format!("{columns} without a name: {called} called by position"));
    }
    (names, notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_gets_a_name_of_its_own() {
        let called = |cells: &[&str]| names(cells.iter().map(|c| (*c).to_owned()).collect()).0;
        assert_eq!(called(&["a", "b"]), ["a", "b"]);
        assert_eq!(called(&["a", "a", "a"]), ["a", "a.1", "a.2"]);
        assert_eq!(called(&["a", "a", "a.1"]), ["a", "a.2", "a.1"]);
        assert_eq!(called(&["", "b", ""]), ["0", "b", "2"]);
        assert_eq!(called(&["1", ""]), ["1", "1.1"]);
        assert_eq!(called(&["", "0"]), ["0.1", "0"]);
    }
}
