//! `Names`: a row from values by name.

use crate::Value;
use crate::predictor::number::Number;
use std::collections::HashMap;
use std::fmt::Write as _;
use tanren_plugin::{DataError, Feature, FieldSpec, UNKNOWN, nearest};

/// How many names an error shows.
const SHOWN: usize = 10;
/// What an error calls the row.
const ROW: &str = "row to predict";

/// The columns of a row, and where each is by its name.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    columns: Vec<Column>,
    places: HashMap<String, usize>,
    /// The numbers of a row, in order.
    numbers: Vec<Number>,
}

/// A column, from which one number of a row is made, or several.
#[derive(Clone, Debug)]
struct Column {
    name: String,
    numbers: Vec<usize>,
}

/// What is written while values are looked up; kept from row to row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lookup {
    /// The numbers of the row.
    pub(crate) numbers: Vec<f64>,
    /// The columns in which a level was found that the model does not know.
    pub(crate) unknown: Vec<usize>,
    given: Vec<bool>,
    text: String,
}

impl Names {
    /// The columns of these inputs. Where two have a column of the same name, it is called
    /// `input/column`.
    pub(crate) fn new<'a>(inputs: impl Iterator<Item = &'a FieldSpec> + Clone) -> Self {
        let places = |field: &'a FieldSpec| (0..field.width()).map(move |at| (field, at));
        let plain = |(field, at): (&FieldSpec, usize)| match (field.shape.indices, at) {
            (true, _) => field.name.clone(),
            (false, at) => match field.features.get(at) {
                Some(feature) => feature.column().to_owned(),
                None => field.feature_name(at),
            },
        };
        // The inputs that have a column of this name.
        let mut having: HashMap<String, Vec<&str>> = HashMap::new();
        for (field, at) in inputs.clone().flat_map(places) {
            let fields = having.entry(plain((field, at))).or_default();
            if !fields.contains(&field.name.as_str()) {
                fields.push(&field.name);
            }
        }
        let mut names = Self { columns: Vec::new(), places: HashMap::new(), numbers: Vec::new() };
        for (field, at) in inputs.flat_map(places) {
            let mut name = plain((field, at));
            if having.get(&name).is_some_and(|fields| fields.len() > 1) {
                name = format!("{}/{name}", field.name);
            }
            let column = *names.places.entry(name).or_insert_with_key(|name| {
                names.columns.push(Column { name: name.clone(), numbers: Vec::new() });
                names.columns.len() - 1
            });
            names.columns[column].numbers.push(names.numbers.len());
            names.numbers.push(match field.shape.indices {
                true => Number::index(&field.levels),
                false => Number::of(field.features.get(at).unwrap_or(&Feature::number(""))),
            });
        }
        names
    }

    /// The names, in the order of the first number of each.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// The name of a column.
    pub(crate) fn name(&self, column: usize) -> &str {
        self.columns.get(column).map_or("", |column| &column.name)
    }

    /// The numbers of a row that has these values.
    ///
    /// # Errors
    /// When a name is none of a column, is given twice or not at all, or a value is no number where
    /// one is expected.
    pub(crate) fn look_up(
        &self,
        values: &[(&str, Value<'_>)],
        row: &mut Lookup,
    ) -> Result<(), DataError> {
        row.numbers.clear();
        row.numbers.resize(self.numbers.len(), f64::NAN);
        row.given.clear();
        row.given.resize(self.columns.len(), false);
        row.unknown.clear();
        for &(name, value) in values {
            let Some(&at) = self.places.get(name) else { return Err(self.no_column(name)) };
            let error = |message: String| DataError::new(ROW, message).column(name);
            if std::mem::replace(&mut row.given[at], true) {
                return Err(error("this column is given twice".into()));
            }
            for &place in &self.columns[at].numbers {
                let number = self.numbers[place].read(value, &mut row.text).map_err(error)?;
                if number == UNKNOWN && self.numbers[place].has_levels() {
                    row.unknown.push(at);
                }
                row.numbers[place] = number;
            }
        }
        if values.len() < self.columns.len() {
            return Err(self.missing(values, &row.given));
        }
        Ok(())
    }

    fn no_column(&self, name: &str) -> DataError {
        let near = nearest(name, self.iter());
        let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
        let message = format!(
            "the model has no column of this name{near} (its columns: {})",
            shown(self.iter(), self.columns.len())
        );
        DataError::new(ROW, message).column(name)
    }

    fn missing(&self, values: &[(&str, Value<'_>)], given: &[bool]) -> DataError {
        let missing = || self.iter().zip(given).filter(|(_, given)| !**given).map(|(name, _)| name);
        let (names, count) = (shown(missing(), missing().count()), missing().count());
        let (noun, be) = if count == 1 { ("column", "is") } else { ("columns", "are") };
        let message = format!(
            "expected {} values, found {}: the {noun} {names} {be} missing \
             (a column without a value is given as Value::Missing)",
            self.columns.len(),
            values.len(),
        );
        DataError::new(ROW, message)
    }
}

/// The first of `count` names, separated by commas.
pub(crate) fn shown<'a>(names: impl Iterator<Item = &'a str>, count: usize) -> String {
    let mut text = names.take(SHOWN).collect::<Vec<_>>().join(", ");
    if count > SHOWN {
        // Writing to a String cannot fail.
        let _ = write!(text, " and {} more", count - SHOWN);
    }
    text
}
