//! `train-test`: sources to train on, to test on and to validate with, as one.

mod beside;
mod relative;

use crate::csv::form;
use crate::file::rows::{join, reserve};
use serde::{Deserialize, Serialize};
use std::path::Path;
use tanren_plugin::{
    Checked, DataError, Field, FieldSpec, Part, Plugin, Schema, SettingError, Source, Table, Texts,
    typetag,
};

/// Levels that are shown of those that differ.
const SHOWN: usize = 20;

/// The rows of one source, then those of a second, which are for testing, and of a third, which are
/// for validation; one of these may be left out.
///
/// The others are read as the first is: its columns in the same order, its classes by the same
/// names. Where the first says which rows are for what, they stay so. The numbers of the others'
/// rows go on where those before end, rows that were left out counted.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
#[setting(also = Self::two)]
pub struct TrainTest {
    /// What to train on; the table is named after it.
    pub train: Plugin<dyn Source>,
    /// What to test on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<Plugin<dyn Source>>,
    /// What to validate with, for early stopping and to choose by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<Plugin<dyn Source>>,
}

impl TrainTest {
    /// The rows of `train`, followed by those of `test`.
    pub fn new(train: impl Into<Plugin<dyn Source>>, test: impl Into<Plugin<dyn Source>>) -> Self {
        Self { train: train.into(), test: Some(test.into()), validation: None }
    }

    /// The same, followed by rows for validation.
    #[must_use]
    pub fn validation(self, validation: impl Into<Plugin<dyn Source>>) -> Self {
        Self { validation: Some(validation.into()), ..self }
    }

    /// The other rows behind those to train on, read as they were, with these ids if any are wanted.
    fn follow(&self, train: Table, ids: Option<&Vec<String>>) -> Result<Table, DataError> {
        train.check()?;
        let specs = |fields: &[Field]| fields.iter().map(|field| field.spec.clone()).collect();
        let schema = Schema {
            inputs: specs(&train.inputs),
            targets: specs(&train.targets),
            unused: Vec::new(),
            ids: ids.cloned(),
        };
        let parts = train.parts.clone().unwrap_or_else(|| vec![Part::Train; train.rows]);
        let mut all = Table { parts: Some(parts), ..train };
        for (source, part) in [(&self.test, Part::Test), (&self.validation, Part::Validation)] {
            if let Some(source) = source {
                all = append(all, open(&**source, &schema, part)?, part)?;
            }
        }
        Ok(all)
    }
}

/// The rows of a source, for one part.
///
/// # Errors
/// As [`Source::open_for`]; when the targets are missing, that they must be there.
fn open(source: &dyn Source, schema: &Schema, part: Part) -> Result<Table, DataError> {
    let table = source.open_for(schema).map_err(|mut error| {
        let of_all = error.row.is_none() && error.line.is_none();
        let target = schema.targets.first().filter(|_| of_all);
        let without = schema.clone().without_targets();
        // What can be read but for the targets lacks them.
        if let Some(target) = target.filter(|_| source.open_for(&without).is_ok()) {
            let purpose = if part == Part::Test { "testing" } else { "validation" };
            let message = &error.message;
            error.message =
                format!("{message}; rows for {purpose} must have the target {:?}", target.name);
        }
        error
    })?;
    table.check()?;
    Ok(table)
}

/// The rows of a table and then those of another, which are for `part`.
fn append(table: Table, more: Table, part: Part) -> Result<Table, DataError> {
    let first = table.rows;
    let rows = first + more.rows;
    let numbers = (table.numbers.is_some() || more.numbers.is_some()).then(|| {
        let after = table.source_rows.unwrap_or(first);
        let own = (0..first).map(|row| table.number(row));
        own.chain((0..more.rows).map(|row| after.saturating_add(more.number(row)))).collect()
    });
    let weights = (table.weights.is_some() || more.weights.is_some()).then(|| {
        let given = |table: &Table| table.weights.clone().unwrap_or_else(|| vec![1.0; table.rows]);
        [given(&table), given(&more)].concat()
    });
    let step_weights = (table.step_weights.is_some() || more.step_weights.is_some()).then(|| {
        let all = |table: &Table| match (&table.step_weights, table.rows.checked_sub(1)) {
            (Some(weights), _) => weights.clone(),
            (None, last) => vec![1.0; last.map_or(0, |last| table.steps(last).end)],
        };
        [all(&table), all(&more)].concat()
    });
    let of = |table: &Table| table.source_rows.unwrap_or(table.rows);
    let source_rows = Some(of(&table).saturating_add(of(&more)));
    let mut parts = table.parts.unwrap_or_default();
    parts.resize(rows, part);
    let mut notes = table.notes;
    notes.extend(more.notes.iter().map(|note| format!("{}: {note}", more.name)));
    let names = (table.name.as_str(), more.name.as_str());
    let frames = relative::frames(names, table.frames, more.frames)?;
    Ok(Table {
        inputs: all(names, "inputs", table.inputs, more.inputs)?,
        targets: all(names, "targets", table.targets, more.targets)?,
        beside: beside::join(names, table.beside, more.beside)?,
        ids: known(first, table.ids, more.rows, more.ids),
        name: table.name,
        rows,
        weights,
        step_weights,
        frames,
        references: relative::references(table.references, more.references),
        spans: table.spans.zip(more.spans).map(|(one, other)| [one, other].concat()),
        parts: Some(parts),
        numbers,
        source_rows,
        notes,
    })
}

impl TrainTest {
    /// Whether there are two files.
    fn two(&self) -> Result<(), SettingError> {
        if self.test.is_none() && self.validation.is_none() {
            let expected = "a source (or one for `validation`)";
            return Err(SettingError::new("test", expected, "nothing"));
        }
        Ok(())
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
        self.follow(self.train.open()?, None)
    }

    fn open_for(&self, schema: &Schema) -> Result<Table, DataError> {
        self.follow(self.train.open_for(schema)?, schema.ids.as_ref())
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

/// The columns by which people know the rows of two tables of so many rows; empty texts where one of them
/// lacks a column.
fn known(rows: usize, first: Vec<Texts>, more_rows: usize, mut more: Vec<Texts>) -> Vec<Texts> {
    let mut both = first;
    for ids in &mut both {
        let at = more.iter().position(|other| form(&other.name) == form(&ids.name));
        match at {
            Some(at) => ids.texts.append(&mut more.remove(at).texts),
            None => ids.texts.resize(rows + more_rows, String::new()),
        }
    }
    for mut ids in more {
        ids.texts.splice(0..0, std::iter::repeat_n(String::new(), rows));
        both.push(ids);
    }
    both
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
