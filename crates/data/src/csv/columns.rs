//! `Columns`: which columns of a file the settings name, and what for.

use super::cell::{listed, quoted};
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
    pub(super) target: Option<Wished>,
    /// How the numbers of a column are written, where the settings say.
    pub(super) notations: HashMap<usize, Notation>,
}

impl Columns {
    /// # Errors
    /// When a setting names a column that is not there, or two settings contradict each other.
    pub(super) fn new(csv: &Csv, layout: &Layout) -> Result<Self, DataError> {
        // Which setting names a column, and as what; `None` for nothing.
        let mut said: Vec<Option<(&str, Option<Wish>)>> = vec![None; layout.names.len()];
        for (setting, wish, list) in [
            ("ignore", None, &csv.ignore),
            ("categories", Some(Wish::Category), &csv.categories),
            ("numbers", Some(Wish::Number), &csv.numbers),
        ] {
            for name in list {
                let column = named(layout, setting, name)?;
                if let Some(said) = said.get_mut(column) {
                    match said.replace((setting, wish)) {
                        Some((other, _)) if other != setting => {
                            return Err(twice(layout, other, setting, column));
                        }
                        _ => {}
                    }
                }
            }
        }
        let mut notations = HashMap::new();
        for (name, notation) in &csv.formats {
            let column = named(layout, "formats", name)?;
            match said.get(column) {
                Some(Some((other, wish))) if *wish != Some(Wish::Number) => {
                    return Err(twice(layout, other, "formats", column));
                }
                _ => notations.insert(column, notation.clone()),
            };
        }
        let wish = |column: usize| match said.get(column) {
            Some(Some((_, wish))) => *wish,
            _ => Some(Wish::Any),
        };
        let target = csv.target.as_deref().map(|name| named(layout, "target", name)).transpose()?;
        let target = match target.map(|column| (column, wish(column))) {
            Some((column, Some(wish))) => Some((column, wish)),
            Some((column, None)) => return Err(twice(layout, "ignore", "target", column)),
            None => None,
        };
        let inputs = (0..layout.names.len())
            .filter(|&column| target.is_none_or(|(target, _)| column != target))
            .filter_map(|column| wish(column).map(|wish| (column, wish)));
        Ok(Self { inputs: inputs.collect(), target, notations })
    }

    /// The columns a row must have a cell in to be kept.
    pub(super) fn needed(&self) -> Vec<Need> {
        self.target.iter().map(|&(column, _)| Need { column, notation: None }).collect()
    }
}

fn twice(layout: &Layout, one: &str, other: &str, column: usize) -> DataError {
    layout.error(format!("both `{one}` and `{other}` name this column")).column(layout.name(column))
}

/// The column a setting names: by its name, else by its position, from the end where negative.
fn named(layout: &Layout, setting: &str, name: &str) -> Result<usize, DataError> {
    let names = || layout.names.iter().map(String::as_str);
    find(&layout.names, name).ok_or_else(|| {
        let near = nearest(name, names()).map(|near| format!(" (did you mean {}?)", quoted(near)));
        let (quoted, near) = (quoted(name), near.unwrap_or_default());
        let all = listed(names());
        let hint = match layout.header {
            _ if layout.names.len() == 1 => {
                "; no delimiter splits the first rows evenly: does one of them have too many cells, or \
                 is `delimiter` an unusual one?"
            }
            false if layout.first.contains(name) => {
                "; set `header = true` if the first row has the column names"
            }
            _ => "",
        };
        layout.error(format!("`{setting}`: no column {quoted}{near}; the columns are {all}{hint}"))
    })
}

/// The place of a name among `names`, or the place that it is.
pub(super) fn find(names: &[String], name: &str) -> Option<usize> {
    names.iter().position(|n| n == name).or_else(|| position(name, names.len()))
}
