//! What every source must satisfy: a table that holds together, the same whenever it is opened, or an
//! error with a place.

use crate::failure::{self, Failure, ensure};
use crate::golden::same_bits;
use std::ops::ControlFlow;
use std::path::Path;
use tanren_plugin::{DataError, Field, FieldSpec, Schema, Source, Table};

/// Asserts that a source whose data can be read is right; see [`check`].
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn source(source: &dyn Source) {
    failure::assert(check(source));
}

/// Asserts that a source whose data are missing or damaged refuses them as it should; see [`refused`].
/// Gives the error, for what it says of line, row and column.
///
/// # Panics
/// When it does not refuse them so.
#[track_caller]
pub fn source_refuses(source: &dyn Source) -> DataError {
    match refused(source) {
        Ok(error) => error,
        Err(failure) => panic!("{failure}"),
    }
}

/// Checks:
///
/// * `table`: every field has what the number of rows promises ([`Table::check`]);
/// * `numbers`: the numbers of rows at the source rise and lie below the number of its rows;
/// * `same`: opened again, it gives the same table to the bit;
/// * `schema`: opened for the fields it has, it gives the same fields and values; without targets, no
///   targets, and the same inputs but where it has other rows or steps: a forecast begins where the targets
///   end;
/// * `chunks`: read chunk by chunk, it gives the same rows, and none once it is told to stop;
/// * `place`: asked for data at a path where there is nothing, it gives no data: it declines, or the
///   error names the data.
///
/// # Errors
/// The first rule that is broken.
pub fn check(source: &dyn Source) -> Result<(), Failure> {
    failure::in_range(source)?;
    let table = open("opens", || source.open())?;
    table.check().map_err(|error| Failure::new("table", error))?;
    numbers(&table)?;
    let again = open("same", || source.open())?;
    same(&table, &again)?;

    let specs =
        |fields: &[Field]| fields.iter().map(|f| f.spec.clone()).collect::<Vec<FieldSpec>>();
    let schema = Schema {
        inputs: specs(&table.inputs),
        targets: specs(&table.targets),
        ..Schema::default()
    };
    let known = open("schema", || source.open_for(&schema))?;
    ensure(known.rows == table.rows, "schema", || {
        format!("{} rows, for a schema {}", table.rows, known.rows)
    })?;
    fields("schema", &known.inputs, &table.inputs)?;
    fields("schema", &known.targets, &table.targets)?;
    chunks(source, &schema, &known)?;
    let inputs = open("schema", || source.open_for(&schema.without_targets()))?;
    ensure(inputs.targets.is_empty(), "schema", || "targets that the schema does not name")?;
    without_targets(&inputs, &table).map_err(|f| f.at("without targets"))?;

    let nowhere = Path::new("no-such-folder/no-such-file");
    match failure::caught(|| source.at(nowhere, None))? {
        Ok(None) => Ok(()),
        Ok(Some(other)) => refused(&*other).map(drop).map_err(|f| f.at(nowhere.display())),
        Err(error) => placed(&error),
    }
}

/// Checks that data which are missing or damaged end in an error, the same however often and for
/// whatever they are opened, that it names the data and says something, and that nothing panics.
///
/// # Errors
/// The first rule that is broken.
pub fn refused(source: &dyn Source) -> Result<DataError, Failure> {
    let refuse = |opened: Result<Table, DataError>| match opened {
        Ok(table) => {
            let message = format!("opened as {} rows, where an error is expected", table.rows);
            Err(Failure::new("refuses", message))
        }
        Err(error) => placed(&error).map(|()| error),
    };
    let first = refuse(failure::caught(|| source.open())?)?;
    let again = refuse(failure::caught(|| source.open())?)?;
    ensure(first == again, "same", || format!("`{first}`, then `{again}`"))?;
    refuse(failure::caught(|| source.open_for(&Schema::default()))?)
        .map_err(|f| f.at("for a schema"))?;
    Ok(first)
}

fn open(
    rule: &'static str,
    work: impl FnOnce() -> Result<Table, DataError>,
) -> Result<Table, Failure> {
    failure::caught(work)?.map_err(|error| Failure::new(rule, error))
}

fn placed(error: &DataError) -> Result<(), Failure> {
    ensure(!error.source.is_empty() && !error.message.is_empty(), "place", || {
        format!("an error that does not say which data, or what is wrong: `{error}`")
    })
}

fn numbers(table: &Table) -> Result<(), Failure> {
    let rows = table.source_rows.unwrap_or(table.rows);
    let numbers: Vec<usize> = (0..table.rows).map(|row| table.number(row)).collect();
    let rising = numbers.windows(2).all(|pair| pair[0] < pair[1]);
    let last = numbers.last().copied();
    ensure(rising && last.is_none_or(|last| last < rows), "numbers", || {
        format!("row numbers that do not rise, or reach {last:?} of {rows} rows at the source")
    })
}

fn same(table: &Table, again: &Table) -> Result<(), Failure> {
    let described = |t: &Table| {
        (t.name.clone(), t.rows, t.parts.clone(), t.numbers.clone(), t.source_rows, t.notes.clone())
    };
    ensure(
        described(table) == described(again),
        "same",
        || "opened again, it has another name, other rows, parts, numbers or notes",
    )?;
    fields("same", &again.inputs, &table.inputs)?;
    fields("same", &again.targets, &table.targets)?;
    let weights = |t: &Table| t.weights.clone().unwrap_or_default();
    same_bits("same", &weights(again), &weights(table)).map_err(|f| f.at("weights"))
}

/// The inputs for a model that wants no targets are those with which it was trained.
fn without_targets(table: &Table, trained: &Table) -> Result<(), Failure> {
    table.check().map_err(|error| Failure::new("schema", error))?;
    let offsets =
        |table: &Table| table.inputs.iter().map(|f| f.offsets.clone()).collect::<Vec<_>>();
    if (table.rows, offsets(table)) == (trained.rows, offsets(trained)) {
        return fields("schema", &table.inputs, &trained.inputs);
    }
    let specs = |table: &Table| table.inputs.iter().map(|f| f.spec.clone()).collect::<Vec<_>>();
    ensure(specs(table) == specs(trained), "schema", || "other inputs")
}

/// How many rows a chunk may have at most.
const CHUNK: usize = 3;

/// The rows of a table come in their order, and no more of them than are wanted.
fn chunks(source: &dyn Source, schema: &Schema, table: &Table) -> Result<(), Failure> {
    for wanted in [usize::MAX, 1] {
        let (mut seen, mut chunks, mut outcome) = (0, 0, Ok(()));
        let mut see = |chunk: &Table| {
            let rows: Vec<usize> = (seen..table.rows.min(seen + chunk.rows)).collect();
            (seen, chunks) = (seen + chunk.rows, chunks + 1);
            outcome = ensure(chunks <= wanted && seen <= table.rows, "chunks", || "too many rows")
                .and_then(|()| alike(chunk, &table.select(&rows)));
            let enough = chunks >= wanted || outcome.is_err();
            if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let read = failure::caught(|| source.chunks_for(schema, CHUNK, &mut see))?;
        read.map_err(|error| Failure::new("chunks", error))?;
        outcome?;
        ensure(wanted == 1 || seen == table.rows, "chunks", || {
            format!("{seen} rows in all, {} at once", table.rows)
        })?;
    }
    Ok(())
}

/// A chunk is these rows.
fn alike(chunk: &Table, rows: &Table) -> Result<(), Failure> {
    chunk.check().map_err(|error| Failure::new("chunks", error))?;
    let numbers = |table: &Table| (0..table.rows).map(|row| table.number(row)).collect::<Vec<_>>();
    ensure(numbers(chunk) == numbers(rows), "chunks", || "other numbers of rows at the source")?;
    fields("chunks", &chunk.inputs, &rows.inputs)?;
    fields("chunks", &chunk.targets, &rows.targets)
}

/// The same fields with the same numbers. Missing ones are NaN, so bits are compared.
fn fields(rule: &'static str, got: &[Field], want: &[Field]) -> Result<(), Failure> {
    ensure(got.len() == want.len(), rule, || {
        format!("{} fields, expected {}", got.len(), want.len())
    })?;
    for (got, want) in got.iter().zip(want) {
        let at = |f: Failure| f.at(format_args!("field `{}`", want.spec.name));
        ensure(got.spec == want.spec && got.offsets == want.offsets, rule, || {
            format!("{:?}, expected {:?}", got.spec, want.spec)
        })
        .map_err(at)?;
        let all = |field: &Field| {
            let mut numbers = Vec::with_capacity(field.values.len());
            field.values.read(0..field.values.len(), &mut numbers);
            numbers
        };
        same_bits(rule, &all(got), &all(want)).map_err(at)?;
    }
    Ok(())
}
