//! `Columns`: which columns of a file the settings name, and what for.

use super::cell::{listed, quoted};
use super::form::form;
use super::layout::Layout;
use super::pass::Need;
use super::verdict::Wish;
use crate::Csv;
pub(super) use crate::csv::column_name::position;
use std::collections::HashMap;
use tanren_plugin::{DataError, Notation, nearest};

/// A column, and what somebody wants it to be.
pub(super) type Wished = (usize, Wish);

/// What the settings say about the columns of a file.
pub(super) struct Columns {
    /// The inputs, in the order of the file.
    pub(super) inputs: Vec<Wished>,
    /// The targets, in the order of the settings.
    pub(super) targets: Vec<Wished>,
    /// The columns that are read beside the inputs, in the order of the settings.
    pub(super) beside: Vec<Wished>,
    /// The column that says what rows count.
    pub(super) weights: Option<usize>,
    /// How the numbers of a column are written, where the settings say.
    pub(super) notations: HashMap<usize, Notation>,
}

impl Columns {
    /// # Errors
    /// When a setting names a column that is not there, or two settings contradict each other.
    pub(super) fn new(csv: &Csv, layout: &Layout) -> Result<Self, DataError> {
        // Which setting takes a column from the inputs, and which says what it is.
        let mut taken: Vec<Option<&str>> = vec![None; layout.names.len()];
        let mut wishes: Vec<Option<(&str, Wish)>> = vec![None; layout.names.len()];
        let mut take = |setting: &'static str, names: &[String]| -> Result<Vec<usize>, DataError> {
            let mut columns = Vec::new();
            for name in names {
                let column = named(layout, setting, name)?;
                match taken.get_mut(column).and_then(|taken| taken.replace(setting)) {
                    None => columns.push(column),
                    Some(other) if other == setting => {} // named twice, which is harmless
                    Some(other) => return Err(twice(layout, other, setting, column)),
                }
            }
            Ok(columns)
        };
        let ignored = take("ignore", &csv.ignore)?;
        let targets = take("target", &csv.target)?;
        for (setting, names) in [("weights", csv.weights.as_slice()), ("ids", &csv.ids)] {
            names.iter().try_for_each(|name| by_name(layout, setting, name))?;
        }
        let weights = take("weights", csv.weights.as_slice())?.first().copied();
        let beside = take("beside", &csv.beside)?;
        let file = layout.file_column().and_then(|name| find(layout, name));
        // Ids may be what a split groups by.
        let others = csv.ids.iter().filter(|id| !csv.beside.contains(id)).cloned();
        take("ids", &others.collect::<Vec<_>>())?;
        for (setting, wish, list) in [
            ("categories", Wish::Category, &csv.categories),
            ("numbers", Wish::Number, &csv.numbers),
        ] {
            for name in list {
                let column = named(layout, setting, name)?;
                if ignored.contains(&column) {
                    return Err(twice(layout, "ignore", setting, column));
                }
                match wishes.get_mut(column).and_then(|said| said.replace((setting, wish))) {
                    Some((other, _)) if other != setting => {
                        return Err(twice(layout, other, setting, column));
                    }
                    _ => {}
                }
            }
        }
        let mut notations = HashMap::new();
        for (name, notation) in &csv.formats {
            let column = named(layout, "formats", name)?;
            let other = match wishes.get(column) {
                Some(Some((other, Wish::Category))) => Some(*other),
                _ => ignored.contains(&column).then_some("ignore"),
            };
            if let Some(other) = other {
                return Err(twice(layout, other, "formats", column));
            }
            notations.insert(column, notation.clone());
        }
        let wished = |column: usize| {
            let said = wishes.get(column).copied().flatten();
            (column, said.map_or(Wish::Any, |(_, wish)| wish))
        };
        let all = |columns: Vec<usize>| columns.into_iter().map(wished).collect();
        // A file is no input unless somebody says so: there are none like it in new data.
        let free = |&column: &usize| taken[column].is_none() && wishes[column].is_none();
        let file = file.filter(free);
        let beside: Vec<usize> = beside.into_iter().chain(file).collect();
        let is_input =
            |(column, taken): &(usize, &Option<&str>)| taken.is_none() && Some(*column) != file;
        let inputs = taken.iter().enumerate().filter(is_input);
        let inputs = inputs.map(|(column, _)| wished(column)).collect();
        let (targets, beside) = (all(targets), all(beside));
        Ok(Self { inputs, targets, beside, weights, notations })
    }

    /// All that are read: inputs, then targets, then what is beside them, then the weights.
    pub(super) fn all(&self) -> impl Iterator<Item = Wished> {
        let weights = self.weights.map(|column| (column, Wish::Number));
        self.inputs.iter().chain(&self.targets).chain(&self.beside).copied().chain(weights)
    }

    /// The columns a row must have a cell in to be kept.
    pub(super) fn needed(&self) -> Vec<Need> {
        self.targets.iter().map(|&(column, _)| Need { column, notation: None }).collect()
    }
}

/// Refuses a position where columns have names: a model finds these columns in new files, in which they
/// may stand elsewhere.
fn by_name(layout: &Layout, setting: &str, name: &str) -> Result<(), DataError> {
    match position(name, layout.places()) {
        Some(column) if layout.header && !layout.names.iter().any(|n| n == name) => {
            let (position, name) = (quoted(name), quoted(layout.name(column)));
            Err(layout.error(format!(
                "`{setting}`: expected the name of a column, found the position {position}: write {name}, \
                 since the column may stand elsewhere in new data"
            )))
        }
        _ => Ok(()),
    }
}

fn twice(layout: &Layout, one: &str, other: &str, column: usize) -> DataError {
    layout.error(format!("both `{one}` and `{other}` name this column")).column(layout.name(column))
}

/// The column a setting names: by its name, else by its position, from the end where negative.
fn named(layout: &Layout, setting: &str, name: &str) -> Result<usize, DataError> {
    find(layout, name)
        .ok_or_else(|| layout.error(format!("`{setting}`: {}", missing(layout, name))))
}

/// The column that somebody asks for in the same way.
pub(super) fn asked(layout: &Layout, name: &str) -> Result<usize, DataError> {
    find(layout, name).ok_or_else(|| layout.error(missing(layout, name)))
}

/// What to say of a column that is not there.
fn missing(layout: &Layout, name: &str) -> String {
    let names = || layout.names.iter().map(String::as_str);
    let near = nearest(name, names()).map(|near| format!(" (did you mean {}?)", quoted(near)));
    let (quoted, near) = (quoted(name), near.unwrap_or_default());
    let all = listed(names());
    let hint = match layout.header {
        _ if layout.names.len() == 1 => {
            "; no delimiter splits the first rows evenly: does one of them have too many cells, or is \
             `delimiter` an unusual one?"
        }
        false if layout.first.contains(name) => {
            "; set `header = true` if the first row has the column names"
        }
        _ => "",
    };
    format!("no column {quoted}{near}; the columns are {all}{hint}")
}

/// The place of a name among those of a file, or the place that it is.
pub(super) fn find(layout: &Layout, name: &str) -> Option<usize> {
    let named = layout.names.iter().position(|n| n == name);
    named.or_else(|| position(name, layout.places()))
}

/// The place of a column that a setting names for any file: by its position only where there are no names.
pub(super) fn find_in_new(layout: &Layout, name: &str) -> Option<usize> {
    match layout.header {
        true => layout.names.iter().position(|n| form(n) == form(name)),
        false => find(layout, name),
    }
}
