//! `Source` and `Split`: where rows come from, and which are kept for what.

use crate::{Checked, DataError, Plugin, Schema, Table};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::Path;
use tanren_tensor::Stream;

/// Data in a file, a folder or a program.
#[typetag::serde(tag = "type")]
pub trait Source: Checked {
    /// Reads everything.
    ///
    /// # Errors
    /// When the data cannot be read, with file, row and column as near as can be told.
    fn open(&self) -> Result<Table, DataError>;

    /// The same source for other data of its kind, those at `path`: its settings hold for them, too,
    /// but for what belongs to the first data alone. `target` is what to predict there, where
    /// somebody says so. `None` when what is at the path is nothing that this source reads.
    ///
    /// Whoever uses a model on new data, `tanren predict MODEL --data new.csv`, asks the source it was
    /// trained on first, and looks at the file itself only then.
    ///
    /// # Errors
    /// When the path cannot be looked at.
    fn at(
        &self,
        _path: &Path,
        _target: Option<&str>,
    ) -> Result<Option<Plugin<dyn Source>>, DataError> {
        Ok(None)
    }

    /// Reads what a model made for `schema` needs: its fields and no others, features and levels
    /// in the order it knows them, whatever their order here. Where this source finds no meaning
    /// in names, that is everything.
    ///
    /// # Errors
    /// As [`open`](Self::open), and when something of the schema is not there.
    fn open_for(&self, schema: &Schema) -> Result<Table, DataError> {
        let mut table = self.open()?;
        table.targets.truncate(schema.targets.len());
        Ok(table)
    }
}

/// What a row is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// To learn from.
    Train,
    /// To choose by: early stopping, comparing.
    Validation,
    /// To report on, once.
    Test,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        })
    }
}

/// A rule that gives every row its part.
#[typetag::serde(tag = "type")]
pub trait Split: Checked {
    /// One part per row, the same for the same table and stream.
    ///
    /// # Errors
    /// When a part would stay empty that must not.
    fn split(&self, table: &Table, stream: Stream) -> Result<Vec<Part>, DataError>;
}
