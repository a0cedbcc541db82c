//! `DataError`: what is wrong with data, and where.

use std::fmt;

/// An error in data, with its place as far as it is known.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct DataError {
    /// The file or data set.
    pub source: String,
    /// The line of a text file, from 1, where it is known.
    pub line: Option<u64>,
    /// The row, from 0, where it is known.
    pub row: Option<usize>,
    /// The column, by name or number, where it is known.
    pub column: Option<String>,
    /// What was expected and what was found, in one sentence.
    pub message: String,
    /// Whether the data are right, but a model predicts numbers for them that are not finite.
    pub diverged: bool,
}

impl DataError {
    /// An error in `source`.
    pub fn new(source: impl fmt::Display, message: impl fmt::Display) -> Self {
        let (source, message) = (source.to_string(), message.to_string());
        Self { source, message, ..Self::default() }
    }

    /// The same error, located in a line of a text file.
    #[must_use]
    pub const fn line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// The same error, located in a row.
    #[must_use]
    pub fn row(mut self, row: usize) -> Self {
        self.row = Some(row);
        self
    }

    /// The same error, as one of a model that predicts numbers that are not finite.
    #[must_use]
    pub const fn diverged(mut self) -> Self {
        self.diverged = true;
        self
    }

    /// The same error, located in a column.
    #[must_use]
    pub fn column(mut self, column: impl fmt::Display) -> Self {
        self.column = Some(column.to_string());
        self
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// As [`Display`](fmt::Display): a program whose `main` returns an error shows this.
impl fmt::Debug for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for DataError {}
