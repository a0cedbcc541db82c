//! `Source` and `Split`: where rows come from, and which are kept for what.

use crate::{Checked, DataError, Plugin, Schema, Table};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::ControlFlow;
use std::path::Path;
use tanren_tensor::Stream;

/// Data in a file, a folder or a program.
#[typetag::serde(tag = "type")]
pub trait Source: Checked {
    /// Reads everything.
    ///
    /// # Errors
    /// When the data cannot be read, with file, row and column as far as they are known.
    fn open(&self) -> Result<Table, DataError>;

    /// The same source for other data of its kind, at `path`. Its settings hold for them too, except
    /// those that concern the first data alone. `target` names the target column there, if it is given.
    /// `None` when this source does not read what is at the path.
    ///
    /// `tanren predict MODEL --data new.csv` first asks the source that the model was trained on, and
    /// guesses the kind of the file only if that source does not read it.
    ///
    /// # Errors
    /// When the path cannot be read.
    fn at(
        &self,
        _path: &Path,
        _target: Option<&str>,
    ) -> Result<Option<Plugin<dyn Source>>, DataError> {
        Ok(None)
    }

    /// Reads what a trained model of this `schema` needs: its fields and no others, with features and
    /// levels in the order of the schema, whatever their order in the data. A source whose data have no
    /// names reads everything, and one without columns of text has none of the schema's `ids`.
    ///
    /// # Errors
    /// As [`open`](Self::open), and when a field of the schema is missing.
    fn open_for(&self, schema: &Schema) -> Result<Table, DataError> {
        let mut table = self.open()?;
        table.targets.truncate(schema.targets.len());
        Ok(table)
    }

    /// The line, from 1, in which a row begins, of data in lines: counted as the rows of
    /// [`open`](Self::open) are or, with a schema, as those of [`open_for`](Self::open_for). For messages about
    /// what shows when rows are used. `None` where it is not known.
    fn line(&self, _schema: Option<&Schema>, _row: usize) -> Option<u64> {
        None
    }

    /// An error in a row, with the line in which that begins, where [`line`](Self::line) knows it. The row is
    /// counted as there.
    fn in_line(&self, schema: Option<&Schema>, error: DataError) -> DataError {
        match (error.line, error.row.and_then(|row| self.line(schema, row))) {
            (None, Some(line)) => error.line(line),
            _ => error,
        }
    }

    /// Reads what [`open_for`](Self::open_for) reads and shows it to `see` chunk by chunk, each of at most
    /// `rows` rows, until `see` has enough. Gives the notes on what was read; the chunks have none.
    ///
    /// A source of data that may be larger than memory holds one chunk at a time. Without that, there is
    /// one chunk with all rows.
    ///
    /// # Errors
    /// As [`open_for`](Self::open_for), perhaps after some chunks were seen.
    fn chunks_for(
        &self,
        schema: &Schema,
        _rows: usize,
        see: &mut dyn FnMut(&Table) -> ControlFlow<()>,
    ) -> Result<Vec<String>, DataError> {
        let mut table = self.open_for(schema)?;
        let notes = std::mem::take(&mut table.notes);
        match see(&table) {
            ControlFlow::Continue(()) | ControlFlow::Break(()) => Ok(notes),
        }
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

    /// One part per row, or none for a row that must take no part: one of
    /// [windows](Table::spans) that looks ahead from one part into the next. Without that, as
    /// [`split`](Self::split).
    ///
    /// # Errors
    /// As [`split`](Self::split).
    fn parts(&self, table: &Table, stream: Stream) -> Result<Fold, DataError> {
        Ok(self.split(table, stream)?.into_iter().map(Some).collect())
    }

    /// The turns of a cross-validation, `folds` of them, at least 2: in each, one part per row, or none for
    /// a row that takes no part in it. Some rows test and some train in every turn, no row tests in two,
    /// and what a split keeps apart stays apart. The same for the same table and stream.
    ///
    /// # Errors
    /// When the rows do not suffice; or always, where a split cannot be repeated.
    fn folds(&self, table: &Table, _folds: usize, _stream: Stream) -> Result<Vec<Fold>, DataError> {
        let name = self.typetag_name();
        let message = format!("the split {name} knows no folds, which cross-validation needs");
        Err(DataError::new(&table.name, message))
    }
}

/// The part of each row, such as in one turn of a cross-validation; `None` for a row that takes no part in it.
pub type Fold = Vec<Option<Part>>;
