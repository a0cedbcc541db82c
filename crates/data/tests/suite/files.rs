//! Files of a test: written to a folder of their own, and errors about them without its name.

use std::fs;
use std::path::{Path, PathBuf};
use tanren_plugin::{DataError, Field, Schema, Source, Table};

/// A folder that goes with the test.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// The folder itself.
    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    /// The path of a file in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A file in it.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    /// What an error says, with files by their bare names.
    pub(crate) fn error<T: std::fmt::Debug>(&self, result: Result<T, DataError>) -> String {
        let text = result.unwrap_err().to_string();
        text.replace(&format!("{}/", self.0.path().display()), "")
            .replace(&self.0.path().display().to_string(), "folder")
    }
}

/// All numbers of a field.
pub(crate) fn numbers(field: &Field) -> Vec<f64> {
    let mut all = Vec::new();
    field.values.read(0..field.values.len(), &mut all);
    all
}

/// The names of its features.
pub(crate) fn features(field: &Field) -> Vec<&str> {
    field.spec.features.iter().map(|feature| feature.name.as_str()).collect()
}

/// What a model trained on a table would want: everything, or its inputs alone.
pub(crate) fn schema(table: &Table, targets: bool) -> Schema {
    let specs = |fields: &[Field]| fields.iter().map(|field| field.spec.clone()).collect();
    let (inputs, wanted) = (specs(&table.inputs), specs(&table.targets));
    let schema = Schema { inputs, targets: wanted, ..Schema::default() };
    if targets { schema } else { schema.without_targets() }
}

/// Opens a source, which must either give a table without a flaw or say what is wrong.
pub(crate) fn survives(source: &dyn Source) {
    match source.open() {
        Ok(table) => table.check().unwrap(),
        Err(error) => assert!(!error.message.is_empty()),
    }
}
