//! `csv`: a table in a text file, one row per line.
//!
//! How it is read, and what its columns become, is found in two passes over the file and may be said by
//! settings. Cells are separated by `,`, `;`, `|`, tabs or runs of blanks and may be in double quotes; the
//! first row is a header if it has no number and a later row has one, or numbers that can only be names:
//! years, columns that are counted. A column of numbers or times, however they are written, is a number,
//! any other a category; an empty cell or a word of `missing` is missing.

pub(crate) mod column_name;

mod absent;
mod below;
mod beside;
mod builder;
mod by_position;
mod cell;
mod columns;
mod comments;
mod counted_names;
mod delimiter;
pub(crate) mod encoding;
mod evidence;
mod files;
mod fill;
mod fixed_width;
mod form;
mod header;
mod ids;
mod infer;
mod joined;
mod layout;
mod level_set;
mod levels;
mod lines;
mod memo;
mod names;
mod pass;
mod plan;
mod ragged;
mod records;
mod remarks;
mod scan;
mod schema;
mod target;
mod titles;
mod trained;
mod verdict;
mod weights;

use crate::file::input;
use crate::file::kind::Kind;
use crate::{Task, audit};
use cell::Words;
use columns::Columns;
use header::Known;
use layout::Layout;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use tanren_plugin::{
    Checked, DataError, MISSING, Notation, Plugin, Schema, SettingError, Source, Table, typetag,
};

pub use encoding::Encoding;
pub(crate) use form::form;
pub(crate) use levels::sorted;

/// Rows of numbers and categories from a file of separated cells, plain or gzip.
///
/// Of a folder, all files that end in `.csv` or `.tsv` are read as one table, in the order of their names. They have the
/// same columns, and one more that is called `file` says which one a row is of: to group rows by it, or to make
/// a sequence of each. It is beside the inputs. A single file has it, too, where `beside` names it.
///
/// Columns are named by their names or, where there is none such, by their positions from 0,
/// negative ones from the end: `-1` is the last column.
///
/// ```no_run
/// use tanren_data::Csv;
/// use tanren_plugin::Source;
///
/// # fn main() -> Result<(), tanren_plugin::DataError> {
/// let table = Csv::new("iris.csv").target("-1").open()?;
/// println!("{} rows", table.rows);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[setting(also = Self::marked)]
pub struct Csv {
    /// The file, or a folder of files with the same columns.
    pub path: PathBuf,
    /// The column to learn, or a list of several; without one all columns are inputs.
    #[serde(default, with = "column_name::one_or_several", skip_serializing_if = "Vec::is_empty")]
    #[setting(kind = column_name::one_or_several_kind)]
    pub target: Vec<String>,
    /// Whether several targets are one vector of numbers, predicted by one output: answers to several
    /// questions at once, shares that add up to 1, a class as a column for each.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub joint: bool,
    /// Whether the first row names the columns. Without it, that is found by looking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// What separates cells: an ASCII mark, a tab, or a blank for runs of blanks. Without it, that
    /// is found by looking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// How many lines stand above the table. Without it, that is found by looking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip: Option<usize>,
    /// What a line begins with that is a comment: an ASCII mark. Without it, a `#` in a file that
    /// begins with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<char>,
    /// How its bytes become text. Without it, that is found by looking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    /// What the target is. Without it, text is a class, and so are whole numbers of which there are two
    /// different ones, at most 10 with 5 rows each on average, or at most 20 with 50.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
    /// What is written for a missing cell, in upper case or lower.
    #[serde(default = "missing")]
    pub missing: Vec<String>,
    /// Columns that are categories even where they hold numbers.
    #[serde(
        default,
        deserialize_with = "column_name::several",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[setting(kind = column_name::names_kind)]
    pub categories: Vec<String>,
    /// Columns that must be numbers: text in them is an error.
    #[serde(
        default,
        deserialize_with = "column_name::several",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[setting(kind = column_name::names_kind)]
    pub numbers: Vec<String>,
    /// How the numbers or times of a column are written, by an example: `price = "1.234,5 €"`,
    /// `day = "31.12.2024"`. Without it, that is found by looking; a column of `categories` is read as
    /// text.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub formats: BTreeMap<String, Notation>,
    /// Columns that are left out.
    #[serde(
        default,
        deserialize_with = "column_name::several",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[setting(kind = column_name::names_kind)]
    pub ignore: Vec<String>,
    /// Columns that are no inputs but are read beside them, for a split to order rows by or to group
    /// them: numbers or times where all cells are such, else text of any number of levels.
    #[serde(
        default,
        deserialize_with = "column_name::several",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[setting(kind = column_name::names_kind)]
    pub beside: Vec<String>,
    /// Columns by which people know the rows, such as an order number: they are no inputs and stand
    /// beside predictions as they are written.
    #[serde(
        default,
        deserialize_with = "column_name::several",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[setting(kind = column_name::names_kind)]
    pub ids: Vec<String>,
    /// The column that says what each row counts, in losses and in scores: numbers from 0 on. It is
    /// no input.
    #[serde(
        default,
        deserialize_with = "column_name::optional",
        skip_serializing_if = "Option::is_none"
    )]
    #[setting(kind = column_name::name_kind)]
    pub weights: Option<String>,
    /// The most levels of a category; one with more is left out.
    #[serde(default = "max_levels")]
    #[setting(from = 1)]
    pub max_levels: usize,
}

fn missing() -> Vec<String> {
    MISSING.map(String::from).to_vec()
}

const fn max_levels() -> usize {
    50
}

/// How many rows tell how the columns of a file are written that is read chunk by chunk.
const FIRST_ROWS: usize = 10_000;

impl Csv {
    /// The columns of which the settings say that they are inputs, whatever is in them.
    fn kept<'a>(&self, layout: &'a Layout) -> HashSet<&'a str> {
        let lists = self.categories.iter().chain(&self.numbers).chain(self.formats.keys());
        let columns = lists.filter_map(|name| columns::find(layout, name));
        columns.map(|column| layout.name(column)).collect()
    }

    /// The columns that the settings name.
    fn named(&self) -> impl Iterator<Item = &str> {
        let lists = [&self.categories, &self.numbers, &self.ignore, &self.beside, &self.ids];
        let names = lists.into_iter().flatten().chain(&self.target).chain(&self.weights);
        let names = names.chain(self.formats.keys());
        names.map(String::as_str)
    }

    /// The file and the line in which a row begins, where these can be told.
    fn place(&self, schema: Option<&Schema>, row: usize) -> Option<(PathBuf, u64)> {
        // A Parquet file is written out in lines that nobody sees.
        if input::left_out(&self.path).ok()?.is_some() {
            return None;
        }
        let words = self.checked().ok()?;
        let layout = match schema {
            None => Layout::find(self, &words, &Known::default()).ok()?,
            Some(schema) => schema::find(self, &words, schema, 1).ok()?.0,
        };
        let mut line = None;
        let see = |place: pass::Place, _: records::Record<'_>| {
            line = Some(place.line).filter(|_| place.row == row);
            Ok(if line.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        };
        pass::pass(&layout, &words, &[], see).ok()?;
        match &layout.text.files {
            Some(files) => files.place(line?).map(|(file, line)| (file.to_owned(), line)),
            None => Some((self.path.clone(), line?)),
        }
    }

    /// What was read, where errors and notes name the file of a line if there are several.
    fn told(&self, words: &Words, read: Result<Table, DataError>) -> Result<Table, DataError> {
        let mut table = read.map_err(|error| joined::placed(self, words, error))?;
        joined::noted(self, words, &mut table.notes);
        Ok(table)
    }

    /// The settings in their range.
    fn checked(&self) -> Result<Words, DataError> {
        self.check().map_err(|error| DataError::new(self.path.display(), error))?;
        Ok(Words::new(&self.missing))
    }
}

impl Csv {
    /// Whether what separates and what begins a comment can do so.
    fn marked(&self) -> Result<(), SettingError> {
        let separates = |c: char| {
            matches!(c, ' ' | '\t' | '\u{1}'..='\u{8}' | '\u{1c}'..='\u{1f}')
                || c.is_ascii_punctuation() && !"\".+-".contains(c)
        };
        if let Some(c) = self.comment.filter(|c| !c.is_ascii_graphic() || *c == '"') {
            let expected = "a single ASCII character such as # or %";
            return Err(SettingError::new("comment", expected, format!("{c:?}")));
        }
        match self.delimiter {
            Some(c) if !separates(c) => {
                let expected = "a single ASCII character such as a comma, a tab or a blank";
                Err(SettingError::new("delimiter", expected, format!("{c:?}")))
            }
            _ => Ok(()),
        }
    }
}

#[typetag::serde(name = "csv")]
impl Source for Csv {
    fn at(
        &self,
        path: &Path,
        target: Option<&str>,
    ) -> Result<Option<Plugin<dyn Source>>, DataError> {
        if Kind::of(path)? != Kind::Csv {
            return Ok(None);
        }
        let target = target.map_or_else(|| self.target.clone(), |target| vec![target.to_owned()]);
        Ok(Some(Self { path: path.into(), target, ..self.clone() }.into()))
    }

    fn open(&self) -> Result<Table, DataError> {
        let words = self.checked()?;
        let opened = || {
            let layout = Layout::find(self, &words, &Known::default())?;
            let columns = Columns::new(self, &layout)?;
            let (plan, pass) = infer::infer(self, &layout, &words, &columns)?;
            let mut table = fill::fill(&layout, &words, plan, pass)?;
            let kept = self.kept(&layout);
            audit::audit(&mut table, |column| kept.contains(column));
            Ok(table)
        };
        self.told(&words, opened())
    }

    fn open_for(&self, schema: &Schema) -> Result<Table, DataError> {
        let words = self.checked()?;
        let opened = || {
            let (layout, plan, pass) = schema::find(self, &words, schema, usize::MAX)?;
            fill::fill(&layout, &words, plan, pass)
        };
        self.told(&words, opened())
    }

    fn line(&self, schema: Option<&Schema>, row: usize) -> Option<u64> {
        self.place(schema, row).filter(|_| !self.path.is_dir()).map(|(_, line)| line)
    }

    fn in_line(&self, schema: Option<&Schema>, mut error: DataError) -> DataError {
        let place = error.row.filter(|_| error.line.is_none());
        if let Some((file, line)) = place.and_then(|row| self.place(schema, row)) {
            error.line = Some(line);
            // A table of several files has no file of its own.
            if self.path.is_dir() {
                error.source = file.display().to_string();
            }
        }
        error
    }

    /// The first rows tell how the columns are written.
    fn chunks_for(
        &self,
        schema: &Schema,
        rows: usize,
        see: &mut dyn FnMut(&Table) -> ControlFlow<()>,
    ) -> Result<Vec<String>, DataError> {
        let words = self.checked()?;
        let mut read = || {
            let (layout, plan, _) = schema::find(self, &words, schema, FIRST_ROWS)?;
            fill::chunks(&layout, &words, plan, rows.max(1), see)
        };
        let mut notes = read().map_err(|error| joined::placed(self, &words, error))?;
        joined::noted(self, &words, &mut notes);
        Ok(notes)
    }
}
