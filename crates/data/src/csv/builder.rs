//! A `Csv` is made in code: a file about which everything is to be found by looking, and what is said of it.

use super::{max_levels, missing};
use crate::{Csv, Task};
use std::collections::BTreeMap;
use std::path::PathBuf;
use tanren_plugin::Notation;

impl Csv {
    /// A file about which everything is to be found by looking.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            target: Vec::new(),
            joint: false,
            header: None,
            delimiter: None,
            skip: None,
            comment: None,
            encoding: None,
            task: None,
            missing: missing(),
            categories: Vec::new(),
            numbers: Vec::new(),
            formats: BTreeMap::new(),
            ignore: Vec::new(),
            beside: Vec::new(),
            ids: Vec::new(),
            weights: None,
            max_levels: max_levels(),
        }
    }

    /// Sets the column to learn.
    #[must_use]
    pub fn target(self, column: impl Into<String>) -> Self {
        Self { target: vec![column.into()], ..self }
    }

    /// Sets several columns to learn.
    #[must_use]
    pub fn targets<T: Into<String>>(self, columns: impl IntoIterator<Item = T>) -> Self {
        Self { target: strings(columns), ..self }
    }

    /// Makes several targets one vector of numbers.
    #[must_use]
    pub fn joint(self) -> Self {
        Self { joint: true, ..self }
    }

    /// Sets whether the first row names the columns.
    #[must_use]
    pub fn header(self, header: bool) -> Self {
        Self { header: Some(header), ..self }
    }

    /// Sets what separates cells.
    #[must_use]
    pub fn delimiter(self, delimiter: char) -> Self {
        Self { delimiter: Some(delimiter), ..self }
    }

    /// Sets what the target is.
    #[must_use]
    pub fn task(self, task: Task) -> Self {
        Self { task: Some(task), ..self }
    }

    /// Sets what is written for a missing cell.
    #[must_use]
    pub fn missing<T: Into<String>>(self, words: impl IntoIterator<Item = T>) -> Self {
        Self { missing: strings(words), ..self }
    }

    /// Sets which columns are categories.
    #[must_use]
    pub fn categories<T: Into<String>>(self, columns: impl IntoIterator<Item = T>) -> Self {
        Self { categories: strings(columns), ..self }
    }

    /// Sets which columns must be numbers.
    #[must_use]
    pub fn numbers<T: Into<String>>(self, columns: impl IntoIterator<Item = T>) -> Self {
        Self { numbers: strings(columns), ..self }
    }

    /// Sets how the numbers or times of a column are written.
    #[must_use]
    pub fn format(mut self, column: impl Into<String>, notation: Notation) -> Self {
        self.formats.insert(column.into(), notation);
        self
    }

    /// Sets which columns are left out.
    #[must_use]
    pub fn ignore<T: Into<String>>(self, columns: impl IntoIterator<Item = T>) -> Self {
        Self { ignore: strings(columns), ..self }
    }

    /// Sets which columns are read beside the inputs.
    #[must_use]
    pub fn beside<T: Into<String>>(self, columns: impl IntoIterator<Item = T>) -> Self {
        Self { beside: strings(columns), ..self }
    }

    /// Sets by which columns people know the rows.
    #[must_use]
    pub fn ids<T: Into<String>>(self, columns: impl IntoIterator<Item = T>) -> Self {
        Self { ids: strings(columns), ..self }
    }

    /// Sets which column says what each row counts.
    #[must_use]
    pub fn weights(self, column: impl Into<String>) -> Self {
        Self { weights: Some(column.into()), ..self }
    }

    /// Sets the most levels of a category.
    #[must_use]
    pub fn max_levels(self, levels: usize) -> Self {
        Self { max_levels: levels, ..self }
    }
}

fn strings<T: Into<String>>(names: impl IntoIterator<Item = T>) -> Vec<String> {
    names.into_iter().map(Into::into).collect()
}
