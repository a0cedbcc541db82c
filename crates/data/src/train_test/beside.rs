//! Columns beside the inputs of two tables as one: a text that only one of them has is a level, too.

use super::one;
use crate::csv::sorted;
use std::collections::{BTreeSet, HashMap};
use tanren_plugin::{DataError, Field, Notation, Values};

/// The columns that both tables have, with the rows of the first and then of the second.
///
/// # Errors
/// When a column has numbers in one table and text in the other.
pub(super) fn join(
    names: (&str, &str),
    first: Vec<Field>,
    mut second: Vec<Field>,
) -> Result<Vec<Field>, DataError> {
    let mut both = Vec::new();
    for mut field in first {
        let Some(at) = second.iter().position(|other| other.spec.name == field.spec.name) else {
            continue;
        };
        let mut other = second.swap_remove(at);
        share_levels(&mut field, &mut other);
        both.push(one(names, field, other)?);
    }
    Ok(both)
}

/// Gives two categories the levels of both.
fn share_levels(one: &mut Field, other: &mut Field) {
    let (mine, theirs) = (levels(one), levels(other));
    if mine == theirs || mine.is_empty() || theirs.is_empty() {
        return;
    }
    let all: BTreeSet<&str> = mine.iter().chain(&theirs).map(String::as_str).collect();
    let all = sorted(all, &Notation::default());
    for (field, old) in [(one, mine), (other, theirs)] {
        let places: HashMap<&str, f64> =
            all.iter().enumerate().map(|(place, level)| (level.as_str(), place as f64)).collect();
        if let Values::Double(values) = &mut field.values {
            for value in values.iter_mut().filter(|value| **value >= 0.0) {
                let place = old.get(*value as usize).and_then(|level| places.get(level.as_str()));
                *value = place.copied().unwrap_or(f64::NAN); // every level is among them
            }
        }
        field.spec.features.iter_mut().for_each(|feature| feature.levels.clone_from(&all));
    }
}

/// The levels of a field of one column; none where it holds numbers.
fn levels(field: &Field) -> Vec<String> {
    field.spec.features.first().map_or_else(Vec::new, |feature| feature.levels.clone())
}
