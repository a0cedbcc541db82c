//! Reading CSV files: every rule, what is said about bad files, and that no file makes it panic.

mod bad;
mod beside;
mod chunks;
mod columns;
mod folder;
mod headers;
mod heading;
mod ids;
mod model;
mod numbers;
mod random;
mod reported;
mod settings;
mod shape;
mod suspicious;
mod target;
mod times;
mod titles;
mod trained;
mod weights;
mod written;

use std::fs;
use std::path::PathBuf;
use tanren_data::Csv;
use tanren_plugin::{DataError, Field, Schema, Source, Table, Values};
use tempfile::TempDir;

/// A file that lives as long as this does.
struct File {
    _folder: TempDir,
    path: PathBuf,
}

impl File {
    fn new(content: impl AsRef<[u8]>) -> Self {
        Self::named("file.csv", content)
    }

    fn named(name: &str, content: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        Self { _folder: folder, path }
    }

    fn csv(&self) -> Csv {
        Csv::new(&self.path)
    }
}

/// Opens a file of this content, with these settings.
fn open_with(
    content: impl AsRef<[u8]>,
    settings: impl FnOnce(Csv) -> Csv,
) -> Result<Table, DataError> {
    let file = File::new(content);
    let table = settings(file.csv()).open();
    if let Ok(table) = &table {
        table.check().unwrap();
    }
    table
}

fn open(content: impl AsRef<[u8]>) -> Table {
    open_with(content, |csv| csv).unwrap()
}

/// What is said about a file, but for its name.
fn error_with(content: impl AsRef<[u8]>, settings: impl FnOnce(Csv) -> Csv) -> String {
    said(open_with(content, settings).unwrap_err())
}

fn error(content: impl AsRef<[u8]>) -> String {
    error_with(content, |csv| csv)
}

/// What an error says after the name of the file.
fn said(error: DataError) -> String {
    assert!(error.source.ends_with("file.csv"), "{error}");
    let all = DataError { source: String::new(), ..error }.to_string();
    all.trim_start_matches([',', ':', ' ']).to_owned()
}

/// What a model made from a table asks for.
fn schema(model: &Table) -> Schema {
    let specs = |fields: &[Field]| fields.iter().map(|field| field.spec.clone()).collect();
    Schema { inputs: specs(&model.inputs), targets: specs(&model.targets), ..Schema::default() }
}

/// Opens a file for what another was.
fn open_for(content: &str, model: &Table, settings: fn(Csv) -> Csv) -> Result<Table, DataError> {
    let file = File::new(content);
    let table = settings(file.csv()).open_for(&schema(model));
    if let Ok(table) = &table {
        table.check().unwrap();
    }
    table
}

/// The names of the inputs.
fn names(table: &Table) -> Vec<&str> {
    table.inputs[0].spec.features.iter().map(|feature| feature.name.as_str()).collect()
}

/// The numbers of the inputs, −9 for what is missing.
fn inputs(table: &Table) -> Vec<f64> {
    numbers(&table.inputs[0]).into_iter().map(|x| if x.is_nan() { -9.0 } else { x }).collect()
}

fn numbers(field: &Field) -> Vec<f64> {
    match &field.values {
        Values::Double(numbers) => numbers.clone(),
        other => panic!("{other:?}"),
    }
}

fn classes(table: &Table) -> (&[String], &[u32]) {
    match &table.targets[0].values {
        Values::Indices(classes) => (&table.targets[0].spec.levels, classes),
        other => panic!("{other:?}"),
    }
}
