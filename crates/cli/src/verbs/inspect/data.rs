//! `inspect` of data: one line per column, as a summary of its values.

use super::columns::columns;
use crate::args;
use crate::failure::{Failure, Kind};
use crate::input::data::{self, reading};
use crate::output::advice::{Advice, Reader};
use crate::output::console::{Console, one_line};
use crate::output::figures::{counted, grouped};
use crate::output::report;
use serde_json::{Value, json};
use std::fmt::Write as _;
use tanren_data::{ColumnProfile, column_profiles};
use tanren_plugin::{Field, Part, Table};
use tanren_tensor::Welford;

/// The width of lines that go to no terminal.
const WIDTH: usize = 80;

/// What is in some data, as text or as JSON.
pub(crate) fn inspect_data(
    args: &args::Inspect,
    console: &mut Console<'_>,
) -> Result<String, Failure> {
    let (target, header) = (args.target.clone(), args.header);
    let data = args::Data { target, header, ..args::Data::default() };
    let sets = &args.changes.set;
    let (source, others) = data::source(&args.what, &data, sets)?;
    if let Some(other) = others.first() {
        let message =
            format!("--set {other}: without a recipe only settings of data.source can be changed");
        return Err(Failure::new(Kind::Usage, message));
    }
    let advice = Advice::Set(Reader::SOURCE);
    let table = console.busy(&reading(&args.what), || {
        let table = source.open()?;
        table.check().map(|()| table)
    });
    let mut table = table.map_err(|error| Failure::data(&error, advice))?;
    table.notes.iter_mut().for_each(|note| *note = advice.say(note));
    let width = console.columns.map_or((WIDTH, false), |columns| (columns, true));
    let describe = || match args.json {
        true => report::line(&as_json(&table)),
        false => as_text(&table, width),
    };
    Ok(console.busy("computing the figures of every column", describe))
}

fn profiles(table: &Table, field: &Field) -> Vec<ColumnProfile> {
    column_profiles(field, &(0..table.rows).collect::<Vec<_>>())
}

fn as_json(table: &Table) -> Value {
    let fields = |fields: &[Field]| -> Vec<Value> {
        let field = |f: &Field| json!({ "name": f.spec.name, "columns": profiles(table, f) });
        fields.iter().map(field).collect()
    };
    json!({
        "schema_version": report::SCHEMA_VERSION,
        "data": table.name,
        "rows": table.rows,
        "inputs": fields(&table.inputs),
        "targets": fields(&table.targets),
        "beside": fields(&table.beside),
        "notes": table.notes,
    })
}

fn as_text(table: &Table, width: (usize, bool)) -> String {
    let mut text = format!("{}: {}", one_line(&table.name), counted(table.rows, "row"));
    if let Some(parts) = &table.parts {
        let count = |part| grouped(parts.iter().filter(|&&p| p == part).count());
        let _ = write!(text, " ({} train, {} test)", count(Part::Train), count(Part::Test));
    }
    text.push('\n');
    let all =
        [("Inputs", &table.inputs), ("Targets", &table.targets), ("Beside them", &table.beside)];
    for (title, fields) in all {
        for field in fields {
            let _ = writeln!(text, "\n{title}{}", label(field, title));
            match field.spec.shape.grid {
                Some(grid) => images(&mut text, table, field, grid),
                None => columns(&mut text, &profiles(table, field), width),
            }
        }
    }
    if !table.notes.is_empty() {
        text.push_str("\nNotes\n");
        table.notes.iter().for_each(|note| {
            wrap(&mut text, &one_line(note), width.0);
        });
    }
    text
}

/// The range of all pixels, in one line.
fn images(text: &mut String, table: &Table, field: &Field, (height, width): (usize, usize)) {
    let mut moments = Welford::default();
    let mut column = Vec::new();
    for row in 0..table.rows {
        column.clear();
        field.columns(row).for_each(|c| field.read(c, &mut column));
        moments.extend(column.iter().copied());
    }
    let Welford { min, max, mean, .. } = moments;
    let _ = writeln!(
        text,
        "  images of {height} x {width} pixels, values from {min} to {max}, mean {mean:.4}, std {:.4}",
        moments.std()
    );
}

/// The name of a field, unless it only repeats the title.
fn label(field: &Field, title: &str) -> String {
    let name = &field.spec.name;
    if name.eq_ignore_ascii_case(title) { String::new() } else { format!(": {}", one_line(name)) }
}

/// Appends a note in lines of this width, of which those after the first are indented further.
fn wrap(text: &mut String, note: &str, width: usize) {
    let mut line = " ".to_owned();
    for word in note.split(' ') {
        let begun = !line.trim().is_empty();
        if begun && line.chars().count() + 1 + word.chars().count() > width {
            let _ = writeln!(text, "{line}");
            line = "   ".to_owned();
        }
        let _ = write!(line, " {word}");
    }
    let _ = writeln!(text, "{line}");
}
