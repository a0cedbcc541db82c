//! `train-test`: two sources, one to train on and one to test on.

use crate::file::rows::{join, reserve};
use serde::{Deserialize, Serialize};
use std::path::Path;
use tanren_plugin::{
    Checked, DataError, Field, FieldSpec, Part, Plugin, Schema, SettingError, Source, Table,
    typetag,
};

/// Levels that are shown of those that differ.
const SHOWN: usize = 20;

/// The rows of one source and then those of another, which are for testing.
///
/// The second is read as the first is: its columns in the same order, its classes by the same
/// names. Where the first says which rows are for what, they stay so. The numbers of the second's
/// rows go on where the first ends, rows that were left out counted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainTest {
    /// What to train on; the table is named after it.
    pub train: Plugin<dyn Source>,
    /// What to test on.
    pub test: Plugin<dyn Source>,
}

impl TrainTest {
    /// The rows of `train`, followed by those of `test`.
    pub fn new(train: impl Into<Plugin<dyn Source>>, test: impl Into<Plugin<dyn Source>>) -> Self {
        Self { train: train.into(), test: test.into() }
    }

    /// The test rows behind the others, read as they were.
    fn follow(&self, train: Table) -> Result<Table, DataError> {
        train.check()?;
        let specs = |fields: &[Field]| fields.iter().map(|field| field.spec.clone()).collect();
        let schema = Schema { inputs: specs(&train.inputs), targets: specs(&train.targets) };
        let test = self.test.open_for(&schema)?;
        test.check()?;
        let first = train.rows;
        let rows = first + test.rows;
        let numbers = (train.numbers.is_some() || test.numbers.is_some()).then(|| {
            let after = train.source_rows.unwrap_or(first);
            let own = (0..first).map(|row| train.number(row));
            own.chain((0..test.rows).map(|row| after.saturating_add(test.number(row)))).collect()
        });
        let weights = (train.weights.is_some() || test.weights.is_some()).then(|| {
            let given =
                |table: &Table| table.weights.clone().unwrap_or_else(|| vec![1.0; table.rows]);
            [given(&train), given(&test)].concat()
        });
        let of = |table: &Table| table.source_rows.unwrap_or(table.rows);
        let source_rows = Some(of(&train).saturating_add(of(&test)));
        let mut parts = train.parts.unwrap_or_else(|| vec![Part::Train; first]);
        parts.resize(rows, Part::Test);
        let mut notes = train.notes;
        notes.extend(test.notes.iter().map(|note| format!("{}: {note}", test.name)));
        let names = (train.name.as_str(), test.name.as_str());
        Ok(Table {
            inputs: all(names, "inputs", train.inputs, test.inputs)?,
            targets: all(names, "targets", train.targets, test.targets)?,
            name: train.name,
            rows,
            weights,
            parts: Some(parts),
            numbers,
            source_rows,
            notes,
        })
    }
}

impl Checked for TrainTest {
    fn check(&self) -> Result<(), SettingError> {
        self.train.check().map_err(|error| error.inside("train"))?;
        self.test.check().map_err(|error| error.inside("test"))
    }
}

#[typetag::serde(name = "train-test")]
impl Source for TrainTest {
    fn at(
        &self,
        path: &Path,
        target: Option<&str>,
    ) -> Result<Option<Plugin<dyn Source>>, DataError> {
        self.train.at(path, target)
    }

    fn open(&self) -> Result<Table, DataError> {
        self.follow(self.train.open()?)
    }

    fn open_for(&self, schema: &Schema) -> Result<Table, DataError> {
        self.follow(self.train.open_for(schema)?)
    }
}

/// Each field of the table named first with what the second has for it.
fn all(
    names: (&str, &str),
    what: &str,
    train: Vec<Field>,
    test: Vec<Field>,
) -> Result<Vec<Field>, DataError> {
    if train.len() != test.len() {
        let (expected, found) = (train.len(), test.len());
        let message = format!("expected {expected} {what}, as in {}, found {found}", names.0);
        return Err(DataError::new(names.1, message));
    }
    train.into_iter().zip(test).map(|(train, test)| one(names, train, test)).collect()
}

/// A field with the rows of both tables.
fn one(names: (&str, &str), mut train: Field, test: Field) -> Result<Field, DataError> {
    if let Some((expected, found)) = difference(&train.spec, &test.spec) {
        let message = format!("expected {expected}, as in {}, found {found}", names.0);
        return Err(DataError::new(names.1, message).column(&train.spec.name));
    }
    let path = Path::new(names.0);
    if let (Some(offsets), Some(more)) = (&mut train.offsets, &test.offsets) {
        let end = offsets.last().copied().unwrap_or_default();
        reserve(path, offsets, more.len())?;
        offsets.extend(more.iter().skip(1).map(|offset| end + offset));
    }
    train.values = join(path, train.values, test.values)?;
    Ok(train)
}

/// What is expected of rows that follow others, and what they are instead. Names of features are
/// for people: where they matter, the source has looked for them.
fn difference(train: &FieldSpec, test: &FieldSpec) -> Option<(String, String)> {
    let list = |levels: &[String]| match levels.get(..SHOWN) {
        Some(first) if levels.len() > SHOWN => format!("{}, …", first.join(", ")),
        _ => levels.join(", "),
    };
    if train.shape != test.shape {
        return Some((train.shape.to_string(), test.shape.to_string()));
    }
    if train.levels != test.levels {
        return Some((format!("the levels {}", list(&train.levels)), list(&test.levels)));
    }
    let wrong = (0..train.width()).find(|&f| levels(train, f) != levels(test, f))?;
    let say = |spec| match levels(spec, wrong) {
        [] => format!("a number called {}", train.feature_name(wrong)),
        levels => format!("a category with the levels {}", list(levels)),
    };
    Some((say(train), say(test)))
}

/// The levels of a feature: none where it is a number.
fn levels(spec: &FieldSpec, feature: usize) -> &[String] {
    spec.features.get(feature).map_or(&[], |feature| &feature.levels)
}
