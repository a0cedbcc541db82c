//! `Column`: the column by whose values rows are put in order or in groups.

use tanren_plugin::{DataError, Field, Notation, Table, nearest};

/// Columns that an error names.
const SHOWN: usize = 20;

/// A column of a table: a feature of one of its fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column<'a> {
    field: &'a Field,
    feature: usize,
}

/// The column that `name` names and `who` needs, beside the inputs or among them. Sequences have no one value for a
/// row.
///
/// # Errors
/// When there is none, with the columns that there are.
pub(crate) fn find<'a>(table: &'a Table, who: &str, name: &str) -> Result<Column<'a>, DataError> {
    let fields = table.beside.iter().chain(&table.inputs).filter(|field| field.offsets.is_none());
    let columns =
        fields.flat_map(|field| (0..field.width()).map(move |feature| Column { field, feature }));
    // A time may have become several features, of which the one without a cycle has its order.
    let from = |column: &Column<'_>| {
        let feature = column.field.spec.features.get(column.feature);
        let origin = feature.and_then(|feature| feature.origin.as_ref());
        origin.is_some_and(|origin| origin.column == name && origin.cycle.is_none())
    };
    let called = columns.clone().find(|column| column.name() == name);
    if let Some(column) = called.or_else(|| columns.clone().find(from)) {
        return Ok(column);
    }
    let names: Vec<String> = columns.map(Column::name).collect();
    let near = nearest(name, names.iter().map(String::as_str));
    let near = near.map_or(String::new(), |near| format!(" (did you mean {near:?}?)"));
    let shown = names.get(..SHOWN).unwrap_or(&names).join(", ");
    let more = match names.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "{who} needs the column {name:?}, which is no input{near}; the inputs are {shown}{more}; \
         name a column of a CSV file in `beside` to have it read without being an input"
    );
    Err(DataError::new(&table.name, message))
}

impl<'a> Column<'a> {
    /// The names of its levels; none where it has numbers.
    pub(crate) fn levels(self) -> &'a [String] {
        self.field.spec.features.get(self.feature).map_or(&[], |feature| &feature.levels)
    }

    /// Whether its numbers are times, in days.
    pub(crate) fn is_time(self) -> bool {
        let feature = self.field.spec.features.get(self.feature);
        let origin = feature.and_then(|feature| feature.origin.as_ref());
        origin.is_some_and(|origin| matches!(origin.notation, Notation::Time(_)))
    }

    fn name(self) -> String {
        self.field.spec.feature_name(self.feature)
    }

    /// The value of a row: a number, or the place of a level among those of its category, which are
    /// in the order of their names. NaN where it is missing.
    pub(crate) fn key(self, row: usize) -> f64 {
        let Self { field, feature } = self;
        let (at, mut value) = (row * field.width() + feature, Vec::with_capacity(1));
        if at < field.values.len() {
            field.values.read(at..at + 1, &mut value);
        }
        let value = value.first().copied().unwrap_or(f64::NAN);
        // One value for all that are equal.
        if value.is_nan() { f64::NAN } else { value + 0.0 }
    }
}
