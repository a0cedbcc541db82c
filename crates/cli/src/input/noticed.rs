//! What a person should hear about data once they are split: columns that only the training rows do not
//! tell apart, a target that is always the same, parts with very few rows.

use crate::output::figures::counted;
use tanren_plugin::Field;
use tanren_trainer::Setup;

/// Scores on fewer rows than this say little.
const FEW: usize = 10;

/// Columns that are named in a note, at most.
const SHOWN: usize = 5;

/// The notes, in the order they are shown.
pub(crate) fn noticed(setup: &Setup) -> Vec<String> {
    let (table, rows) = (&setup.table, &setup.rows);
    let all: Vec<usize> = (0..table.rows).collect();
    let mut notes = Vec::new();
    for field in &table.targets {
        if rows.train.len() > 1 && !constant(field, &rows.train).is_empty() {
            let name = &field.spec.name;
            notes.push(format!(
                "target {name}: it has the same value in every training row, so there is nothing to learn"
            ));
        }
    }
    for field in table.inputs.iter().filter(|field| field.spec.shape.grid.is_none()) {
        let known = constant(field, &all);
        let mut columns = constant(field, &rows.train);
        columns.retain(|column| !known.contains(column));
        notes.extend(of_columns(field, &columns));
    }
    for (part, rows) in [("validation", &rows.validation), ("test", &rows.test)] {
        if (1..FEW).contains(&rows.len()) {
            let count = counted(rows.len(), "row");
            notes.push(format!("only {count} for {part}: scores on so few rows say little"));
        }
    }
    notes
}

fn of_columns(field: &Field, columns: &[usize]) -> Option<String> {
    let names = columns.iter().take(SHOWN).map(|&column| field.spec.feature_name(column));
    let mut names = names.collect::<Vec<_>>().join(", ");
    if columns.len() > SHOWN {
        names.push_str(&format!(" and {} more", columns.len() - SHOWN));
    }
    let same = "the same value in every training row and others elsewhere";
    match columns.len() {
        0 => None,
        1 => Some(format!("column {names} has {same}: nothing can be learnt from it")),
        _ => Some(format!("columns {names} have {same}: nothing can be learnt from them")),
    }
}

/// The features, or the index, of which all `rows` have the same value. Most are ruled out by the first
/// few rows.
fn constant(field: &Field, rows: &[usize]) -> Vec<usize> {
    let mut columns = rows.iter().flat_map(|&row| field.columns(row));
    let (mut first, mut values) = (Vec::new(), Vec::new());
    let Some(start) = columns.next() else { return Vec::new() };
    field.read(start, &mut first);
    let mut same: Vec<usize> = (0..first.len()).collect();
    for column in columns {
        if same.is_empty() {
            break;
        }
        values.clear();
        field.read(column, &mut values);
        same.retain(|&at| values[at] == first[at] || values[at].is_nan() && first[at].is_nan());
    }
    same
}
