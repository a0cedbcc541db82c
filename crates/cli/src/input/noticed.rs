//! What a person should hear about data once they are split: columns that only the training rows do not
//! tell apart, a target that is always the same, parts with very few rows.

use crate::input::revise::idle;
use crate::output::figures::counted;
use tanren_plugin::{Field, Fingerprint, Pace, Part, Plugin, Table, Watched};
use tanren_trainer::Setup;

/// Scores on fewer rows than this say little.
const FEW: usize = 10;

/// Columns that are named in a note, at most.
const SHOWN: usize = 5;

/// The notes, in the order they are shown.
pub(crate) fn noticed(setup: &Setup, folds: Option<u64>) -> Vec<String> {
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
    notes.extend(repeated(table));
    notes.extend(few(setup, folds));
    notes
}

/// Parts with few rows: those of the split, or of so many folds, whose scores are averages.
fn few(setup: &Setup, folds: Option<u64>) -> Vec<String> {
    if let Some(folds) = folds.and_then(|folds| usize::try_from(folds).ok()) {
        let rows = setup.table.rows / folds.max(1);
        let note = || format!("only about {} to test in each fold", counted(rows, "row"));
        return (1..FEW).contains(&rows).then(note).into_iter().collect();
    }
    let (validation, test) = (&setup.rows.validation, &setup.rows.test);
    let parts = [("validation", validation), ("test", test)].into_iter();
    let few = parts.filter(|(_, rows)| (1..FEW).contains(&rows.len()));
    let say = |(part, rows): (&str, &Vec<usize>)| {
        let count = counted(rows.len(), "row");
        format!("only {count} for {part}: scores on so few rows say little")
    };
    few.map(say).collect()
}

/// A stopping rule of training that does nothing, since it watches validation rows and there are none.
pub(crate) fn idle_rule(setup: &Setup) -> Option<String> {
    let rules = &setup.recipe.training.stopping;
    let idle = rules.iter().find(|rule| idle(rule) && setup.rows.validation.is_empty())?;
    Some(format!(
        "there are no validation rows, so the stopping rule {} does nothing; with rows = \"train\" it \
         watches the training rows",
        idle.typetag_name()
    ))
}

/// A pace that does nothing, since it watches validation rows and there are none.
pub(crate) fn idle_pace(setup: &Setup) -> Option<String> {
    let idle = |pace: &Plugin<dyn Pace>| {
        let scores = pace.scores();
        !scores.is_empty() && scores.iter().all(|(rows, _)| *rows == Watched::Validation)
    };
    let paces = setup.recipe.training.pace.iter();
    let (at, pace) =
        paces.enumerate().find(|(_, pace)| idle(pace) && setup.rows.validation.is_empty())?;
    Some(format!(
        "there are no validation rows, so {} in training.pace does nothing; with rows = \"train\" \
         (--set training.pace.{at}.rows=train) it watches the training rows",
        pace.typetag_name()
    ))
}

/// Parts of the data that were given apart and are the same rows, in whatever order.
fn repeated(table: &Table) -> Vec<String> {
    let Some(parts) = &table.parts else { return Vec::new() };
    let of = |part| (0..table.rows).filter(|&row| parts[row] == part).collect::<Vec<_>>();
    let [train, validation, test] = [Part::Train, Part::Validation, Part::Test].map(of);
    let mut notes = Vec::new();
    for (name, rows) in [("validation", &validation), ("test", &test)] {
        if same_rows(table, &train, rows) {
            notes.push(format!(
                "the {name} rows are the rows that are trained on: scores on them say nothing about \
                 new rows"
            ));
        }
    }
    if same_rows(table, &validation, &test) && !same_rows(table, &train, &test) {
        let why = "by which the best epoch is chosen: scores on them are too good for new rows";
        notes.push(format!("the test rows are the validation rows, {why}"));
    }
    notes
}

/// Whether two lists of rows have the same values.
fn same_rows(table: &Table, some: &[usize], others: &[usize]) -> bool {
    let mut values = Vec::new();
    let mut fingerprint = |row: usize| {
        let mut all = Fingerprint::default();
        for field in table.inputs.iter().chain(&table.targets) {
            values.clear();
            field.columns(row).for_each(|column| field.read(column, &mut values));
            all.add(values.len() as u64);
            values.iter().for_each(|x: &f64| all.add(x.to_bits()));
        }
        all.value()
    };
    let mut sorted = |rows: &[usize]| {
        let mut all: Vec<u64> = rows.iter().map(|&row| fingerprint(row)).collect();
        all.sort_unstable();
        all
    };
    !some.is_empty() && some.len() == others.len() && sorted(some) == sorted(others)
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
