//! `inspect` of data: one line per column, as a summary of its values.

use crate::args;
use crate::failure::{Failure, Kind};
use crate::input::data;
use crate::output::console::visible;
use crate::output::figures::{counted, grouped};
use crate::output::report;
use serde_json::{Value, json};
use std::fmt::Write as _;
use tanren_data::{ColumnKind, ColumnProfile, MAX_DISTINCT, column_profiles};
use tanren_plugin::{Field, Part, Table};
use tanren_tensor::Welford;

/// Columns shown in the terminal.
const SHOWN: usize = 60;
/// Characters of a name or of levels.
const NAME: usize = 16;
const LEVELS: usize = 39;

/// What is in some data, as text or as JSON.
pub(crate) fn inspect_data(args: &args::Inspect) -> Result<String, Failure> {
    let (target, header) = (args.target.clone(), args.header);
    let data = args::Data { target, header, ..args::Data::default() };
    let sets = &args.changes.set;
    let (source, others) = data::source(&args.what, &data, sets)?;
    if let Some(other) = others.first() {
        let message =
            format!("--set {other}: without a recipe only settings of data.source can be changed");
        return Err(Failure::new(Kind::Usage, message));
    }
    let table = source.open()?;
    table.check()?;
    Ok(if args.json { report::line(&as_json(&table)) } else { visible(&as_text(&table)) })
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

fn as_text(table: &Table) -> String {
    let mut text = format!("{}: {} rows", table.name, grouped(table.rows));
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
                None => columns(&mut text, &profiles(table, field)),
            }
        }
    }
    if !table.notes.is_empty() {
        text.push_str("\nNotes\n");
        table.notes.iter().for_each(|note| {
            let _ = writeln!(text, "  {note}");
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

fn columns(text: &mut String, profiles: &[ColumnProfile]) {
    let _ = writeln!(
        text,
        "  {:NAME$} {:4} {:>7} {:>8} {:>9} {:>9} {:>9} {:>9}",
        "column", "type", "missing", "distinct", "min", "max", "mean", "std"
    );
    for profile in profiles.iter().take(SHOWN) {
        let most = if profile.distinct >= MAX_DISTINCT { "+" } else { "" };
        let distinct = format!("{}{most}", profile.distinct);
        let (name, missing) = (cut(&profile.name, NAME), profile.missing);
        let (kind, rest) = match profile.kind {
            ColumnKind::Category => {
                let levels = profile.levels.iter().map(|(name, n)| format!("{name} {n}"));
                ("cat", cut(&levels.collect::<Vec<_>>().join(", "), LEVELS))
            }
            ColumnKind::Number => {
                let ColumnProfile { min, max, mean, std, .. } = profile;
                let numbers = [min, max, mean, std].map(|x| format!("{:>9}", number(x.0)));
                ("num", numbers.join(" "))
            }
        };
        let _ = writeln!(text, "  {name:NAME$} {kind:4} {missing:>7} {distinct:>8} {rest}");
    }
    if let Some(more) = profiles.len().checked_sub(SHOWN + 1) {
        let more = counted(more + 1, "more column");
        let _ = writeln!(text, "  and {more} (--json lists all)");
    }
}

/// A number in at most nine characters, but for exponents of three digits.
fn number(x: f64) -> String {
    match x.abs() {
        _ if x.is_nan() => "-".into(),
        a if a != 0.0 && !(1e-3..1e8).contains(&a) => format!("{x:.2e}"),
        a if x.fract() == 0.0 || a >= 1e5 => format!("{x:.0}"),
        a if a < 100.0 => format!("{x:.4}"),
        _ => format!("{x:.2}"),
    }
}

/// The name of a field, unless it only repeats the title.
fn label(field: &Field, title: &str) -> String {
    let name = &field.spec.name;
    if name.eq_ignore_ascii_case(title) { String::new() } else { format!(": {name}") }
}

fn cut(text: &str, width: usize) -> String {
    match text.char_indices().nth(width) {
        Some(_) => text.chars().take(width - 1).chain(['…']).collect(),
        None => text.to_owned(),
    }
}
