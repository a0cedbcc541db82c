//! `Names`: a row from values by name.

use crate::Value;
use std::collections::HashMap;
use std::fmt::Write as _;
use tanren_plugin::{DataError, FieldSpec, UNKNOWN, nearest};

/// How many names an error shows.
const SHOWN: usize = 10;
/// What an error calls the row.
const ROW: &str = "row to predict";

/// The columns of a row, in the order of its numbers, and where each is by its name.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    columns: Vec<Column>,
    places: HashMap<String, usize>,
}

/// A number of a row.
#[derive(Clone, Debug)]
struct Column {
    name: String,
    /// For a category, the number of each level.
    levels: Option<HashMap<String, usize>>,
    /// Whether it must have a level: an index has no number for what is missing or unknown.
    index: bool,
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
    /// The columns of these inputs. Where two have a feature of the same name, it is called
    /// `input/feature`.
    pub(crate) fn new<'a>(inputs: impl Iterator<Item = &'a FieldSpec> + Clone) -> Self {
        let features = |field: &'a FieldSpec| (0..field.width()).map(move |at| (field, at));
        let plain = |(field, at): (&FieldSpec, usize)| match field.shape.indices {
            true => field.name.clone(),
            false => field.feature_name(at),
        };
        let mut times = HashMap::new();
        for place in inputs.clone().flat_map(features) {
            *times.entry(plain(place)).or_insert(0) += 1;
        }
        let column = |(field, at): (&FieldSpec, usize)| {
            let name = plain((field, at));
            let several = times.get(&name).is_some_and(|&times| times > 1);
            let name = if several { format!("{}/{name}", field.name) } else { name };
            let levels = match field.shape.indices {
                true => (!field.levels.is_empty()).then_some(field.levels.as_slice()),
                false => field.features.get(at).filter(|f| f.is_category()).map(|f| &*f.levels),
            };
            let numbered = |levels: &[String]| {
                levels.iter().enumerate().map(|(n, level)| (level.clone(), n)).collect()
            };
            Column { name, levels: levels.map(numbered), index: field.shape.indices }
        };
        let columns: Vec<_> = inputs.flat_map(features).map(column).collect();
        let places = columns.iter().enumerate().map(|(at, c)| (c.name.clone(), at)).collect();
        Self { columns, places }
    }

    /// The names, in the order of the numbers.
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
        row.numbers.resize(self.columns.len(), f64::NAN);
        row.given.clear();
        row.given.resize(self.columns.len(), false);
        row.unknown.clear();
        for &(name, value) in values {
            let Some(&at) = self.places.get(name) else { return Err(self.no_column(name)) };
            let error = |message: String| DataError::new(ROW, message).column(name);
            if std::mem::replace(&mut row.given[at], true) {
                return Err(error("this column is given twice".into()));
            }
            let number = self.columns[at].number(value, &mut row.text).map_err(error)?;
            if number == UNKNOWN && self.columns[at].levels.is_some() {
                row.unknown.push(at);
            }
            row.numbers[at] = number;
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
fn shown<'a>(names: impl Iterator<Item = &'a str>, count: usize) -> String {
    let mut text = names.take(SHOWN).collect::<Vec<_>>().join(", ");
    if count > SHOWN {
        // Writing to a String cannot fail.
        let _ = write!(text, " and {} more", count - SHOWN);
    }
    text
}

impl Column {
    /// The number of a value: NaN where it is missing, [`UNKNOWN`] for a level that is none of this
    /// column's.
    fn number(&self, value: Value<'_>, text: &mut String) -> Result<f64, String> {
        let Some(levels) = &self.levels else {
            return self.measured(value);
        };
        let level = match value {
            Value::Missing => None,
            Value::Text(level) => Some(level),
            Value::Number(x) if x.is_nan() => None,
            Value::Number(x) => {
                text.clear();
                // Writing to a String cannot fail.
                let _ = write!(text, "{x}");
                Some(text.as_str())
            }
        };
        let place = |level: &str| levels.get(level).or_else(|| levels.get(level.trim()));
        let found = level.and_then(place).map(|&place| place as f64);
        match (found, level) {
            (Some(place), _) => Ok(place),
            (None, level) if self.index => Err(expected_level(levels, level)),
            (None, Some(level)) if !level.trim().is_empty() => Ok(UNKNOWN),
            (None, _) => Ok(f64::NAN),
        }
    }

    /// The number of a measurement.
    fn measured(&self, value: Value<'_>) -> Result<f64, String> {
        match value {
            Value::Number(x) => Ok(x),
            Value::Missing => Ok(f64::NAN),
            Value::Text(text) if text.trim().is_empty() => Ok(f64::NAN),
            Value::Text(text) => {
                let message = || format!("expected a number, found {text:?}");
                text.trim().parse().map_err(|_| message())
            }
        }
    }
}

/// Why an index has no number.
fn expected_level(levels: &HashMap<String, usize>, found: Option<&str>) -> String {
    let Some(found) = found else {
        return "expected a level, found a missing value".into();
    };
    let mut names: Vec<_> = levels.iter().map(|(name, &place)| (place, name.as_str())).collect();
    names.sort_unstable();
    let names = names.into_iter().map(|(_, name)| name);
    let near = nearest(found, names.clone());
    let near = near.map_or(String::new(), |near| format!("; did you mean {near:?}?"));
    format!("expected a level, found {found:?}{near} (levels: {})", shown(names, levels.len()))
}
