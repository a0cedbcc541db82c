//! `table`: one row for each sequence.

use crate::sequences::inner::Rows;
use crate::sequences::{Label, Sequences};
use crate::series::{All, Series};
use tanren_plugin::{DataError, Feature, Field, Table, Texts};

/// The table of sequences of rows.
///
/// # Errors
/// When no step has a target, or a sequence that needs one has none or several.
pub(super) fn table(sequences: &Sequences, rows: &Rows, all: &All) -> Result<Table, DataError> {
    let Rows { table, known } = rows;
    let error = |message: &str| DataError::new(&table.name, message);
    if !known.iter().any(|known| *known) {
        return Err(error("expected a target in some row, found none in all of them"));
    }
    let whole = sequences.label == Label::Sequence && !table.targets.is_empty();
    let states = |series: &&Series| !whole || series.rows.iter().any(|&row| known[row]);
    let (series, unlabelled): (Vec<&Series>, Vec<&Series>) = all.series.iter().partition(states);
    let series = series.as_slice();
    let steps: Vec<usize> = series.iter().flat_map(|series| series.rows.iter().copied()).collect();
    let firsts: Vec<usize> =
        series.iter().filter_map(|series| series.rows.first().copied()).collect();
    let offsets: Vec<usize> = std::iter::once(0)
        .chain(series.iter().scan(0, |end, series| {
            *end += series.rows.len();
            Some(*end)
        }))
        .collect();
    let in_steps = |field: &Field| {
        let mut field = field.select(&steps);
        field.spec.shape.sequence = true;
        Field { offsets: Some(offsets.clone()), ..field }
    };
    let lasts = if whole { labelled(table, known, series)? } else { Vec::new() };
    let target = |field: &Field| if whole { field.select(&lasts) } else { in_steps(field) };
    let counts = |row: usize| table.weights.as_ref().map_or(1.0, |weights| weights[row]);
    let each = !whole && !table.targets.is_empty();
    let weighted = table.weights.is_some() || known.iter().any(|known| !known);
    let of_step = |&row: &usize| if known[row] { counts(row) } else { 0.0 };

    let constant = |field: &&Field| series.iter().all(|series| is_constant(field, series));
    let beside = table.beside.iter().filter(constant).map(|field| field.select(&firsts));
    let mut beside: Vec<Field> = beside.collect();
    if beside.iter().all(|field| field.spec.name != sequences.id) {
        let levels = series.iter().filter_map(|series| series.name.clone()).collect();
        let features = vec![Feature::category(&sequences.id, levels)];
        let places = (0..series.len()).map(|place| place as f64).collect();
        beside.push(Field::numbers(&sequences.id, features, places));
    }
    let mut notes = table.notes.clone();
    notes.extend(all.notes.iter().cloned());
    notes.extend(left_out(&unlabelled, all.series.len()));
    let of_sequence = |ids: &&Texts| series.iter().all(|series| ids_are_constant(ids, series));
    let (ids, of_steps): (Vec<&Texts>, Vec<&Texts>) = table.ids.iter().partition(of_sequence);
    notes.extend(of_steps.iter().map(|ids| {
        format!("column {}: it is another at each step of a sequence, and no id of it", ids.name)
    }));
    Ok(Table {
        name: table.name.clone(),
        rows: series.len(),
        inputs: table.inputs.iter().map(in_steps).collect(),
        targets: table.targets.iter().map(target).collect(),
        beside,
        ids: ids.into_iter().map(|ids| ids.select(&firsts)).collect(),
        weights: (whole && table.weights.is_some())
            .then(|| lasts.iter().map(|&row| counts(row)).collect()),
        step_weights: (each && weighted).then(|| steps.iter().map(of_step).collect()),
        numbers: Some(firsts.iter().map(|&row| table.number(row)).collect()),
        source_rows: Some(table.source_rows.unwrap_or(table.rows)),
        notes,
        ..Table::default()
    })
}

/// Sequences that a note names.
const SHOWN: usize = 5;

/// A note on sequences that state no target.
fn left_out(unlabelled: &[&Series], all: usize) -> Option<String> {
    let names: Vec<&str> =
        unlabelled.iter().take(SHOWN).filter_map(|series| series.name.as_deref()).collect();
    let more = if unlabelled.len() > SHOWN { ", …" } else { "" };
    let count = unlabelled.len();
    (count > 0).then(|| {
        format!("{count} of {all} sequences without a target left out: {}{more}", names.join(", "))
    })
}

/// The last row of each sequence that states its targets, which one at least does.
///
/// # Errors
/// When two state different ones.
fn labelled(table: &Table, known: &[bool], series: &[&Series]) -> Result<Vec<usize>, DataError> {
    let of = |series: &&Series| {
        let called = series.name.clone().unwrap_or_default();
        let error = |row: usize, message: String| {
            DataError::new(&table.name, message).row(table.number(row))
        };
        let mut stated = series.rows.iter().copied().filter(|&row| known[row]);
        let mut last = stated.next().unwrap_or_default();
        for row in stated {
            let other = |field: &&Field| !same(field, last, row);
            if let Some(field) = table.targets.iter().find(other) {
                let message = format!(
                    "expected the target of row {}, since both are steps of the sequence {called:?}, found \
                     another",
                    table.number(last)
                );
                return Err(error(row, message).column(&field.spec.name));
            }
            last = row;
        }
        Ok(last)
    };
    series.iter().map(of).collect()
}

/// Whether a field has the same numbers in two rows; missing ones are the same.
fn same(field: &Field, one: usize, other: usize) -> bool {
    let width = field.width();
    (0..width).all(|at| {
        let [a, b] = [one, other].map(|row| field.values.number(row * width + at));
        a == b || a.is_nan() && b.is_nan()
    })
}

/// Whether people know all rows of a sequence by the same text.
fn ids_are_constant(ids: &Texts, series: &Series) -> bool {
    series.rows.windows(2).all(|pair| ids.texts.get(pair[0]) == ids.texts.get(pair[1]))
}

/// Whether a field is the same in all rows of a sequence.
fn is_constant(field: &Field, series: &Series) -> bool {
    series.rows.windows(2).all(|pair| same(field, pair[0], pair[1]))
}
