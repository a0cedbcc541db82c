//! `key_of`: the value of a column by which rows are put in order or in groups.

use tanren_plugin::{DataError, FieldSpec, Table, nearest};

/// Columns that an error names.
const SHOWN: usize = 20;

/// Where a column is: its input, and the feature of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    input: usize,
    feature: usize,
}

/// The input column that `name` names. Sequences have no one value for a row.
///
/// # Errors
/// When there is none, with the columns that there are.
pub(crate) fn find(table: &Table, name: &str) -> Result<Column, DataError> {
    let inputs = table.inputs.iter().enumerate().filter(|(_, field)| field.offsets.is_none());
    let columns = inputs.flat_map(|(input, field)| {
        (0..field.width()).map(move |feature| (Column { input, feature }, &field.spec))
    });
    // A time may have become several features, of which the one without a cycle has its order.
    let from = |(column, spec): &(Column, &FieldSpec)| {
        let origin = spec.features.get(column.feature).and_then(|f| f.origin.as_ref());
        origin.is_some_and(|origin| origin.column == name && origin.cycle.is_none())
    };
    let called = columns.clone().find(|(column, spec)| spec.feature_name(column.feature) == name);
    if let Some((column, _)) = called.or_else(|| columns.clone().find(from)) {
        return Ok(column);
    }
    let names: Vec<String> =
        columns.map(|(column, spec)| spec.feature_name(column.feature)).collect();
    let near = nearest(name, names.iter().map(String::as_str));
    let near = near.map_or(String::new(), |near| format!(" (did you mean {near:?}?)"));
    let shown = names.get(..SHOWN).unwrap_or(&names).join(", ");
    let more = match names.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "the split needs the column {name:?}, which is no input{near}; the inputs are {shown}{more}"
    );
    Err(DataError::new(&table.name, message))
}

/// The value of a row: a number, or the place of a level among those of its category, which are in
/// the order of their names. NaN where it is missing.
pub(crate) fn key_of(table: &Table, column: Column, row: usize) -> f64 {
    let Column { input, feature } = column;
    let Some(field) = table.inputs.get(input) else { return f64::NAN };
    let (at, mut value) = (row * field.width() + feature, Vec::with_capacity(1));
    if at < field.values.len() {
        field.values.read(at..at + 1, &mut value);
    }
    let value = value.first().copied().unwrap_or(f64::NAN);
    // One value for all that are equal.
    if value.is_nan() { f64::NAN } else { value + 0.0 }
}
