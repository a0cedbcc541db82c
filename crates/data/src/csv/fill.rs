//! `fill`: the second pass over a file: its values.

use super::cell::{Words, quoted};
use super::layout::Layout;
use super::pass::{Pass, Place, pass};
use super::plan::{Output, Part, Plan, reserve};
use super::records::Record;
use super::weights::Weights;
use crate::file::assemble;
use crate::file::input::MAX_BYTES;
use crate::file::notes::{self, append, counted};
use std::ops::ControlFlow;
use tanren_plugin::{DataError, Field, FieldSpec, Table, Texts, Values, nearest};

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
    let needed = std::mem::take(&mut plan.needed);
    let mut filler = Filler::new(layout, words, plan, first.kept, first.dropped > 0)?;
    let second = pass(layout, words, &needed, |place, record| {
        // No more rows than there is room for.
        match filler.table.rows < first.kept {
            true => filler.add(place, record).map(ControlFlow::Continue),
            false => Err(layout.changed()),
        }
    })?;
    if second != first {
        return Err(layout.changed());
    }
    let notes = filler.notes(first);
    let source_rows = Some(first.kept + first.dropped);
    Ok(Table { source_rows, notes, ..filler.table })
}

/// Shows `see` what `fill` would make of all rows, as far as it wants to, as tables of so many `rows`.
/// Gives the notes.
///
/// # Errors
/// As [`fill`].
pub(super) fn chunks(
    layout: &Layout,
    words: &Words,
    mut plan: Plan,
    rows: usize,
    see: &mut dyn FnMut(&Table) -> ControlFlow<()>,
) -> Result<Vec<String>, DataError> {
    let needed = std::mem::take(&mut plan.needed);
    let mut filler = Filler::new(layout, words, plan, rows, true)?;
    let pass = pass(layout, words, &needed, |place, record| {
        filler.add(place, record)?;
        if filler.table.rows < rows {
            return Ok(ControlFlow::Continue(()));
        }
        let more = see(&filler.table);
        filler.clear();
        Ok(more)
    })?;
    if filler.table.rows > 0 {
        let _last = see(&filler.table);
    }
    Ok(filler.notes(pass))
}

/// A table that is filled row by row.
struct Filler<'a> {
    layout: &'a Layout,
    words: &'a Words,
    /// The columns of each field, inputs first.
    parts: Vec<Vec<Part>>,
    /// The columns that are kept as they are written.
    ids: Vec<usize>,
    /// The column that says what each row counts.
    weights: Option<Weights>,
    of_model: bool,
    notes: Vec<String>,
    table: Table,
}

impl<'a> Filler<'a> {
    /// An empty table with room for so many rows, and for their numbers where some are left out.
    fn new(
        layout: &'a Layout,
        words: &'a Words,
        plan: Plan,
        rows: usize,
        numbered: bool,
    ) -> Result<Self, DataError> {
        let columns: usize = plan.outputs().map(|output| output.parts.len()).sum();
        let too_many =
            || layout.error(format!("{rows} rows of {columns} columns do not fit in memory"));
        let weighted = plan.weights.is_some();
        let texts = (plan.ids.len() * size_of::<String>()) as u64;
        let per_row = 8 * (columns as u64 + u64::from(numbered) + u64::from(weighted)) + texts;
        let bytes = per_row.checked_mul(rows as u64);
        bytes.filter(|&bytes| bytes <= MAX_BYTES).ok_or_else(too_many)?;
        let mut parts = Vec::new();
        let mut fields = |outputs: Vec<Output>| -> Option<Vec<Field>> {
            let field = |output: Output| {
                let values = output.room(rows)?;
                parts.push(output.parts);
                Some(Field::new(output.spec, values))
            };
            outputs.into_iter().map(field).collect()
        };
        let inputs = fields(plan.inputs).ok_or_else(too_many)?;
        let targets = fields(plan.targets).ok_or_else(too_many)?;
        let beside = fields(plan.beside).ok_or_else(too_many)?;
        let numbers = if numbered { Some(reserve(rows).ok_or_else(too_many)?) } else { None };
        let counts = if weighted { Some(reserve(rows).ok_or_else(too_many)?) } else { None };
        let name = assemble::name(&layout.text.path);
        let Plan { weights, ids: columns, of_model, notes, .. } = plan;
        let ids = columns.iter().map(|&column| Texts::new(layout.name(column))).collect();
        let table = Table {
            name,
            inputs,
            targets,
            beside,
            ids,
            numbers,
            weights: counts,
            ..Table::default()
        };
        Ok(Self { layout, words, parts, ids: columns, weights, of_model, notes, table })
    }

    /// Appends a row.
    fn add(&mut self, place: Place, record: Record<'_>) -> Result<(), DataError> {
        let Table { inputs, targets, beside, .. } = &mut self.table;
        let fields = inputs.iter_mut().chain(targets).chain(beside);
        for (field, parts) in fields.zip(&mut self.parts) {
            let Field { spec, values, .. } = field;
            for part in parts {
                let cell = record.cell(part.column);
                match values {
                    Values::Indices(levels) => match part.level(cell) {
                        Some(level) => levels.push(level),
                        None if self.of_model => {
                            return Err(unknown(self.layout, spec, part, place, cell));
                        }
                        None => return Err(self.layout.changed()),
                    },
                    Values::Double(numbers) => {
                        numbers.push(part.number(cell, place.line, self.words));
                    }
                    _ => {}
                }
            }
        }
        for (ids, &column) in self.table.ids.iter_mut().zip(&self.ids) {
            ids.texts.push(record.cell(column).to_owned());
        }
        if let Some(numbers) = &mut self.table.numbers {
            numbers.push(place.row);
        }
        self.table.rows += 1;
        if let (Some(column), Some(weights)) = (&self.weights, &mut self.table.weights) {
            weights.push(column.weight(self.layout, self.words, place, record)?);
        }
        Ok(())
    }

    /// Removes all rows.
    fn clear(&mut self) {
        let table = &mut self.table;
        table.rows = 0;
        let fields = table.inputs.iter_mut().chain(&mut table.targets);
        for field in fields.chain(&mut table.beside) {
            match &mut field.values {
                Values::Indices(levels) => levels.clear(),
                Values::Double(numbers) => numbers.clear(),
                _ => {}
            }
        }
        table.ids.iter_mut().for_each(|ids| ids.texts.clear());
        table.numbers.iter_mut().for_each(Vec::clear);
        table.weights.iter_mut().for_each(Vec::clear);
    }

    /// What was left out, is missing or not known in the rows of a pass.
    fn notes(&mut self, pass: Pass) -> Vec<String> {
        let mut notes = std::mem::take(&mut self.notes);
        let (table, targets) = (&self.table, self.table.targets.len());
        let (inputs, rest) = self.parts.split_at(table.inputs.len());
        let of_beside = table.beside.iter().zip(rest.iter().skip(targets));
        let odd = of_beside.filter_map(|(field, parts)| odd(&field.spec.name, parts.first()?));
        let inputs = table.inputs.iter().map(|field| &field.spec).zip(inputs);
        noted(&mut notes, inputs, odd.collect(), targets, pass);
        notes
    }
}

/// What to say of cells that are no numbers, if a column of such has some.
fn odd(name: &str, part: &Part) -> Option<String> {
    let (text, line) = part.first_odd.as_ref()?;
    let (cells, text) = (counted(part.odd, "cell"), quoted(text));
    let what = match part.odd {
        1 => "is no number and counts as missing",
        _ => "are no numbers and count as missing",
    };
    Some(format!("column {name}: {cells} {what}, such as {text} in line {line}"))
}

/// The error a cell is that is none of a model's labels.
fn unknown(layout: &Layout, spec: &FieldSpec, part: &Part, place: Place, cell: &str) -> DataError {
    let near = nearest(cell, spec.levels.iter().map(String::as_str));
    let near = near.map(|near| format!("; did you mean {}?", quoted(near))).unwrap_or_default();
    let error = layout.error(format!("unknown label {}{near}", quoted(cell)));
    error.line(place.line).row(place.row).column(layout.name(part.column))
}

/// Adds what was left out, is missing or not known; `odd` are the notes on columns beside the inputs.
fn noted<'a>(
    notes: &mut Vec<String>,
    inputs: impl Iterator<Item = (&'a FieldSpec, &'a Vec<Part>)>,
    mut odd: Vec<String>,
    targets: usize,
    pass: Pass,
) {
    if pass.foreign > 0 {
        let lines = counted(pass.foreign as usize, "line");
        let are = if pass.foreign == 1 { "is" } else { "are" };
        notes.push(format!(
            "{lines} {are} not UTF-8 and read as Windows-1252 or Latin-1 (`encoding` says otherwise)"
        ));
    }
    if pass.blank > 0 {
        notes.push(format!("{} at the end left out", counted(pass.blank, "empty row")));
    }
    if pass.repeated > 0 {
        let lines = counted(pass.repeated, "line");
        let verb = if pass.repeated == 1 { "repeats" } else { "repeat" };
        notes.push(format!("{lines} that {verb} the header left out"));
    }
    if let Some((lines, line)) = pass.below {
        let lines = counted(lines, "line");
        notes.push(format!("{lines} below the table left out, from line {line} on"));
    }
    if let Some(line) = pass.total {
        notes.push(format!(
            "the last row, in line {line}, may be a total of the others; if so, take it out of the file"
        ));
    }
    if pass.dropped > 0 {
        let rows = counted(pass.dropped, "row");
        notes.push(match targets {
            0 | 1 => format!("{rows} without a target left out"),
            n => format!("{rows} that lack one of the {n} targets left out"),
        });
    }
    let (mut missing, mut unknown) = (Vec::new(), Vec::new());
    for (spec, parts) in inputs {
        let own = parts.iter().enumerate().filter(|(_, part)| !part.is_cycle());
        for (feature, part) in own {
            let name = || spec.feature_name(feature);
            odd.extend(self::odd(&name(), part));
            if part.missing > 0 {
                missing.push((name(), part.missing));
            }
            if let Some((text, line)) = &part.first_unknown {
                let cells = counted(part.unknown, "cell");
                let what = if part.unknown == 1 { "a category" } else { "categories" };
                unknown.push(format!(
                    "column {}: {cells} with {what} not seen in training, such as {} in line {line}",
                    name(),
                    quoted(text)
                ));
            }
        }
    }
    append(notes, odd, "with cells that are no numbers");
    notes::missing(notes, missing);
    append(notes, unknown, "with categories not seen in training");
}

#[cfg(test)]
mod tests {
    use super::super::{Columns, header::Known, infer::infer};
    use super::*;
    use crate::Csv;
    use std::fs;

    /// What is said when a file becomes another between the passes.
    fn then(before: &str, after: &str) -> Result<Table, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.csv");
        fs::write(&path, before).unwrap();
        let csv = Csv::new(&path).target("y");
        let words = Words::new(&csv.missing);
        let layout = Layout::find(&csv, &words, &Known::default()).unwrap();
        let columns = Columns::new(&csv, &layout).unwrap();
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
