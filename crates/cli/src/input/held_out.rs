//! `--split`: which rows are held out. The column it names is read beside the inputs of a CSV file
//! where it is no input.

use crate::args::SplitBy;
use crate::automatic::Choice;
use crate::failure::{Failure, Kind};
use crate::output::advice::Advice;
use crate::output::figures::percent;
use serde_json::{Value, json};
use tanren_data::{GroupSplit, RandomSplit, TimeSplit};
use tanren_plugin::{DataError, Plugin, Source, Split, Table};
use tanren_trainer::Recipe;

/// Characters of a column's name that a choice shows.
const SHOWN: usize = 20;

/// Data that were opened for a split.
pub(crate) struct Opened {
    /// The source, which reads the column of the split.
    pub(crate) source: Plugin<dyn Source>,
    pub(crate) table: Table,
    /// The split, if one was asked for.
    pub(crate) split: Option<HeldOut>,
}

/// A split that was asked for.
pub(crate) struct HeldOut {
    split: Plugin<dyn Split>,
    test: f64,
    validation: f64,
    why: String,
}

impl HeldOut {
    /// Puts the split in the place of the one that was chosen.
    pub(crate) fn put(self, recipe: &mut Recipe, choices: &mut [Choice]) {
        let Self { split, test, validation, why } = self;
        recipe.data.split = split;
        if let Some(choice) = choices.iter_mut().find(|choice| choice.what == "split") {
            let rest = 1.0 - test;
            let [train, validation, test] =
                [rest * (1.0 - validation), rest * validation, test].map(percent);
            choice.value = format!("{train}% train, {validation}% validation, {test}% test");
            choice.why = why;
        }
    }
}

/// Opens data so that they can be split as was asked. The column of groups is no input: a network can
/// learn nothing from it about groups that it has not seen. The column of times stays an input if it
/// is one.
///
/// # Errors
/// As [`Source::open`]; that the column is not there.
pub(crate) fn open(source: Plugin<dyn Source>, by: Option<&SplitBy>) -> Result<Opened, Failure> {
    let csv = source.typetag_name() == "csv";
    let (source, table, column) = match by {
        Some(SplitBy::Group(column)) if csv => beside(&source, column)?,
        Some(SplitBy::Time(Some(column))) if csv => {
            let table = opened(&source)?;
            match reads(&table, column) {
                true => (source, table, column.clone()),
                false => beside(&source, column)?,
            }
        }
        Some(SplitBy::Group(column) | SplitBy::Time(Some(column))) => {
            let table = opened(&source)?;
            (source, table, column.clone())
        }
        Some(SplitBy::Random | SplitBy::Time(None)) | None => {
            let table = opened(&source)?;
            (source, table, String::new())
        }
    };
    let split = by.map(|by| held_out(by, column, &table));
    Ok(Opened { source, table, split })
}

/// Opens a source that options made.
pub(crate) fn opened(source: &Plugin<dyn Source>) -> Result<Table, Failure> {
    source.open().map_err(|error| of_options(source, error))
}

/// The data of a source that options made cannot be read.
pub(crate) fn of_options(source: &Plugin<dyn Source>, error: DataError) -> Failure {
    let source = serde_json::to_value(source).unwrap_or_default(); // else it names no files
    Failure::of_source(error, &source, Advice::of_options(&source))
}

/// The split of a rule, by a column that is in the table.
fn held_out(by: &SplitBy, column: String, table: &Table) -> HeldOut {
    let shown: String = column.chars().take(SHOWN).collect();
    match by {
        SplitBy::Random => {
            let split = RandomSplit::default();
            let classes = table.targets.first().is_some_and(|target| target.spec.shape.indices);
            let why = if classes { "stratified by class" } else { "random" };
            let (test, validation) = (split.test, split.validation);
            HeldOut { split: split.into(), test, validation, why: why.into() }
        }
        SplitBy::Time(named) => {
            let column = named.as_ref().map(|_| column);
            let why = match column {
                Some(_) => format!("in the order of {shown}"),
                None => "the last rows".to_owned(),
            };
            let split = TimeSplit { column, ..TimeSplit::default() };
            let (test, validation) = (split.test, split.validation);
            HeldOut { split: split.into(), test, validation, why }
        }
        SplitBy::Group(_) => {
            let split = GroupSplit::new(column);
            let (test, validation) = (split.test, split.validation);
            HeldOut { split: split.into(), test, validation, why: format!("by groups of {shown}") }
        }
    }
}

/// Whether a split finds a column in a table.
fn reads(table: &Table, column: &str) -> bool {
    let fields = table.inputs.iter().chain(&table.beside);
    let mut features = fields.flat_map(|field| &field.spec.features);
    features.any(|feature| feature.column() == column)
}

/// A CSV file with one more column beside the inputs: the source, its table, and the name of the column,
/// which may be given as a position.
fn beside(
    source: &Plugin<dyn Source>,
    column: &str,
) -> Result<(Plugin<dyn Source>, Table, String), Failure> {
    let fail = |e: serde_json::Error| Failure::new(Kind::Recipe, e);
    let mut settings = serde_json::to_value(source).map_err(fail)?;
    match settings.get_mut("beside").and_then(Value::as_array_mut) {
        Some(columns) if columns.iter().any(|c| c == column) => {}
        Some(columns) => columns.insert(0, column.into()),
        None => settings["beside"] = json!([column]),
    }
    let source: Plugin<dyn Source> = serde_json::from_value(settings).map_err(fail)?;
    // The user has not said `beside`, so an error does not either.
    let table = source.open().map_err(|mut error: DataError| {
        error.message = error.message.replace("`beside`", "--split");
        error
    })?;
    let called = table.beside.iter().map(|field| &field.spec.name);
    let name = called.clone().find(|name| *name == column).or_else(|| called.clone().next());
    let name = name.map_or_else(|| column.to_owned(), String::clone);
    Ok((source, table, name))
}
