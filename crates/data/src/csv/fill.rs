//! `fill`: the second pass over a file: its values.

use super::cell::{Words, quoted};
use super::layout::Layout;
use super::pass::{Pass, Place, pass};
use super::plan::{Output, Part, Plan, reserve};
use crate::file::assemble;
use crate::file::input::MAX_BYTES;
use crate::file::notes::{self, append, counted};
use tanren_plugin::{DataError, Field, FieldSpec, Table, Values, nearest};

/// The table of a plan, of the rows that the first pass found.
///
/// # Errors
/// As [`pass`]; when the table is too large, the file has changed since or, for a model, holds a
/// label that it does not know.
pub(super) fn fill(
    layout: &Layout,
    words: &Words,
    mut plan: Plan,
    first: Pass,
) -> Result<Table, DataError> {
    let Some(Room { mut values, mut numbers, mut weights }) = Room::new(&plan, first) else {
        let columns: usize = plan.outputs().map(|output| output.parts.len()).sum();
        let message = format!("{} rows of {columns} columns do not fit in memory", first.kept);
        return Err(layout.error(message));
    };
    let mut left = first.kept;
    let needed = std::mem::take(&mut plan.needed);
    let second = pass(layout, words, &needed, |place, record| {
        // No more rows than there is room for.
        left = left.checked_sub(1).ok_or_else(|| layout.changed())?;
        let outputs = plan.inputs.iter_mut().chain(&mut plan.targets).chain(&mut plan.beside);
        for (Output { spec, parts }, values) in outputs.zip(&mut values) {
            for part in parts {
                let cell = record.cell(part.column);
                match values {
                    Values::Indices(levels) => match part.level(cell) {
                        Some(level) => levels.push(level),
                        None if plan.of_model => {
                            return Err(unknown(layout, spec, part, place, cell));
                        }
                        None => return Err(layout.changed()),
                    },
                    Values::Double(numbers) => {
                        numbers.push(part.number(cell, place.line, words));
                    }
                    _ => {}
                }
            }
        }
        if let Some(numbers) = &mut numbers {
            numbers.push(place.row);
        }
        if let (Some(column), Some(weights)) = (&plan.weights, &mut weights) {
            weights.push(column.weight(layout, words, place, record)?);
        }
        Ok(())
    })?;
    if second != first {
        return Err(layout.changed());
    }
    let notes = notes(&mut plan, first);
    let mut values = values.into_iter();
    let mut fields = |outputs: Vec<Output>| -> Vec<Field> {
        let specs = outputs.into_iter().map(|output| output.spec);
        specs.zip(values.by_ref()).map(|(spec, values)| Field::new(spec, values)).collect()
    };
    let (inputs, targets, beside) =
        (fields(plan.inputs), fields(plan.targets), fields(plan.beside));
    let (name, rows) = (assemble::name(&layout.text.path), first.kept);
    let source_rows = Some(rows + first.dropped);
    let parts = None;
    Ok(Table { name, rows, inputs, targets, beside, weights, parts, numbers, source_rows, notes })
}

/// Room for all that is read of the rows.
struct Room {
    /// Of each field.
    values: Vec<Values>,
    /// The numbers of the rows, where some were left out.
    numbers: Option<Vec<usize>>,
    /// What the rows count, where a column says that.
    weights: Option<Vec<f64>>,
}

impl Room {
    /// `None` where there is not enough memory.
    fn new(plan: &Plan, pass: Pass) -> Option<Self> {
        let parts = plan.outputs().map(|output| output.parts.len()).sum::<usize>() as u64;
        let (numbered, weighted) = (pass.dropped > 0, plan.weights.is_some());
        let per_row = (parts + u64::from(numbered) + u64::from(weighted)).checked_mul(8)?;
        (pass.kept as u64).checked_mul(per_row).filter(|&bytes| bytes <= MAX_BYTES)?;
        let values = plan.outputs().map(|output| output.room(pass.kept)).collect::<Option<_>>()?;
        let numbers = if numbered { Some(reserve(pass.kept)?) } else { None };
        let weights = if weighted { Some(reserve(pass.kept)?) } else { None };
        Some(Self { values, numbers, weights })
    }
}

/// The error a cell is that is none of a model's labels.
fn unknown(layout: &Layout, spec: &FieldSpec, part: &Part, place: Place, cell: &str) -> DataError {
    let near = nearest(cell, spec.levels.iter().map(String::as_str));
    let near = near.map(|near| format!("; did you mean {}?", quoted(near))).unwrap_or_default();
    let error = layout.error(format!("unknown label {}{near}", quoted(cell)));
    error.line(place.line).row(place.row).column(layout.name(part.column))
}

/// What was left out, is missing or not known.
fn notes(plan: &mut Plan, pass: Pass) -> Vec<String> {
    let mut notes = std::mem::take(&mut plan.notes);
    if pass.foreign > 0 {
        let lines = counted(pass.foreign as usize, "line");
        let are = if pass.foreign == 1 { "is" } else { "are" };
        notes.push(format!(
            "{lines} {are} not UTF-8 and read as Windows-1252 or Latin-1 (`encoding` says otherwise)"
        ));
    }
    if pass.dropped > 0 {
        let rows = counted(pass.dropped, "row");
        notes.push(match plan.targets.len() {
            0 | 1 => format!("{rows} without a target left out"),
            n => format!("{rows} that lack one of the {n} targets left out"),
        });
    }
    let (mut odd, mut missing, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    for Output { spec, parts } in &plan.inputs {
        let own = parts.iter().enumerate().filter(|(_, part)| !part.is_cycle());
        for (feature, part) in own {
            let name = || spec.feature_name(feature);
            if let Some((text, line)) = &part.first_odd {
                let (cells, text) = (counted(part.odd, "cell"), quoted(text));
                let what = match part.odd {
                    1 => "is no number and counts as missing",
                    _ => "are no numbers and count as missing",
                };
                odd.push(format!(
                    "column {}: {cells} {what}, such as {text} in line {line}",
                    name()
                ));
            }
            if part.missing > 0 {
                missing.push((name(), part.missing));
            }
            if part.unknown > 0 {
                let cells = counted(part.unknown, "cell");
                let what = if part.unknown == 1 { "a category" } else { "categories" };
                unknown
                    .push(format!("column {}: {cells} with {what} not seen in training", name()));
            }
        }
    }
    append(&mut notes, odd, "with cells that are no numbers");
    notes::missing(&mut notes, missing);
    append(&mut notes, unknown, "with categories not seen in training");
    notes
}

#[cfg(test)]
mod tests {
    use super::super::{Columns, infer::infer};
    use super::*;
    use crate::Csv;
    use std::fs;

    /// What is said when a file becomes another between the passes.
    fn then(before: &str, after: &str) -> Result<Table, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.csv");
        fs::write(&path, before).unwrap();
        let csv = Csv::new(&path).target("y");
        let layout = Layout::find(&csv, &[]).unwrap();
        let (columns, words) = (Columns::new(&csv, &layout).unwrap(), Words::new(&csv.missing));
        let (plan, first) = infer(&csv, &layout, &words, &columns).unwrap();
        fs::write(&path, after).unwrap();
        fill(&layout, &words, plan, first).map_err(|error| error.message)
    }

    #[test]
    fn a_file_that_changes_is_noticed() {
        let before = "x,y\n1,a\n2,b\n";
        assert_eq!(then(before, before).unwrap().rows, 2);
        for after in [
            "x,y\n1,a\n2,b\n3,b\n", // a row more
            "x,y\n1,a\n",           // a row less
            "x,y\n1,a\n3,b\n",      // another number
            "x,y\n1,a\nx,b\n",      // a text
            "x,y\n1,a\n2,c\n",      // a label
            "x,y\n1,a\n2,?\n",      // no label
        ] {
            let said = then(before, after).unwrap_err();
            assert_eq!(said, "the file changed while it was read", "{after}");
        }
    }
}
