//! `names`: what the columns of a file are called, each by a name of its own.

use super::cell::quoted;
use crate::file::notes::{append, counted};
use std::collections::{HashMap, HashSet};

/// The names in a header, each of them once: a column without a name is called by its position, one
/// whose name is taken gets a number. And what was done, if anything was.
pub(super) fn names(cells: Vec<String>) -> (Vec<String>, Vec<String>) {
    let given: HashSet<String> = cells.iter().cloned().collect();
    let mut taken: HashSet<String> = HashSet::with_capacity(cells.len());
    // The number that is tried next for a name that is taken: thousands may have the same.
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let (mut again, mut nameless) = (Vec::new(), 0);
    let mut names = Vec::with_capacity(cells.len());
    for (index, cell) in cells.into_iter().enumerate() {
        let wanted = if cell.is_empty() { index.to_string() } else { cell.clone() };
        nameless += usize::from(cell.is_empty());
        let is_free =
            |name: &String| !taken.contains(name) && (*name == cell || !given.contains(name));
        let mut name = wanted.clone();
        while !is_free(&name) {
            let number = numbers.entry(wanted.clone()).or_insert(1);
            name = format!("{wanted}.{number}");
            *number += 1;
        }
        if name != wanted {
            let (wanted, name) = (quoted(&wanted), quoted(&name));
            again.push(format!("another column {wanted}: called {name} here"));
        }
        taken.insert(name.clone());
        names.push(name);
    }
    let mut notes = Vec::new();
    append(&mut notes, again, "with a name that another has");
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

    #[test]
    fn of_many_columns_with_one_name_a_few_are_told() {
        let (names, notes) = names(vec!["a".to_owned(); 20_000]);
        assert_eq!((names.len(), names[19_999].as_str()), (20_000, "a.19999"));
        assert_eq!(notes.len(), 11);
        assert_eq!(notes[10], "and 19989 more columns with a name that another has");
    }
}
