//! `text`: running text, cut into rows, each step of which is to foretell the next unit.
//!
//! Of a text of units u₁ … u_N, step t of the N − 1 steps has the input u_t and the target u_{t+1}; `length`
//! steps one after the other are a row. Units are Unicode characters (the standard's scalar values) or
//! bytes. The file is read as it is: what ends its lines is not changed.

pub(crate) mod prose;
mod rows;
mod units;

use crate::csv::Encoding;
use crate::file::folder::{self, Found, TEXTS};
use crate::file::notes::counted;
use crate::file::{assemble, input};
use rows::Rows;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use tanren_plugin::{Checked, DataError, Plugin, Schema, SettingError, Source, Table, typetag};
use units::Units;

/// The name of the target.
const NEXT: &str = "next";

/// What a text is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Unicode characters.
    #[default]
    Characters,
    /// Bytes, whatever they mean.
    Bytes,
}

impl Unit {
    /// What one of them is called, which is the name of the input, too.
    const fn name(self) -> &'static str {
        match self {
            Self::Characters => "character",
            Self::Bytes => "byte",
        }
    }
}

/// A text as sequences of characters or bytes: input `character` (or `byte`), target `next`, the unit that
/// follows each.
///
/// The levels of both are the units that occur, in the order of their codes: a character itself, or a byte
/// as two hexadecimal digits. The last target of a row is the first unit of the row after it. Beside them
/// is `position`, where a row begins in the text: a split by `time` with `column = "position"` holds out
/// the end of the text.
///
/// Of a folder, every file that ends in `.txt` is a text, in the order of their names; no row reaches from
/// one into another, and `file` beside the rows says which one a row is of.
///
/// A model reads new texts by the units it knows, and refuses others. To predict, the last unit is a step,
/// too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[setting(also = Self::decoded)]
pub struct Text {
    /// The file, which may be gzip, or a folder of files that end in `.txt` or `.txt.gz`.
    pub path: PathBuf,
    /// What a step is.
    #[serde(default)]
    pub unit: Unit,
    /// How many steps a row has; the last one of a text may have fewer.
    #[serde(default = "length")]
    #[setting(from = 1)]
    pub length: usize,
    /// How bytes become characters. Without it, a text is UTF-16 if it begins so, and UTF-8 otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
}

const fn length() -> usize {
    1000
}

impl Text {
    /// The characters of a file or a folder, in rows of 1000.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), unit: Unit::default(), length: length(), encoding: None }
    }

    /// Whether characters are decoded, where that is set.
    fn decoded(&self) -> Result<(), SettingError> {
        match self.encoding {
            Some(_) if self.unit == Unit::Bytes => {
                let expected = "none where the units are bytes, which are not decoded";
                Err(SettingError::new("encoding", expected, "one"))
            }
            _ => Ok(()),
        }
    }

    /// How many characters or bytes all texts have.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub fn count(&self) -> Result<usize, DataError> {
        Ok(self.units()?.0.codes.len())
    }

    /// The units of all files, and how many files of a folder are none of them.
    fn units(&self) -> Result<(Units, usize), DataError> {
        self.check().map_err(|error| DataError::new(self.path.display(), error))?;
        let (files, others) = texts(&self.path)?;
        Ok((Units::read(files, self.unit, self.encoding)?, others))
    }

    /// Everything, or what a schema wants.
    fn read(&self, schema: Option<&Schema>) -> Result<Table, DataError> {
        let (units, others) = self.units()?;
        let with_targets = schema.is_none_or(|schema| !schema.targets.is_empty());
        let rows = Rows::new(&units, self.unit, self.length, with_targets)?;
        let levels = match schema {
            None => rows.own_levels(),
            Some(schema) => rows.levels_of(&self.path, schema)?,
        };
        let files = self.path.is_dir().then_some(units.files.as_slice());
        let mut table = rows.table(files, &levels)?;
        table.name = assemble::name(&self.path);
        table.notes.extend(folder::note(others, TEXTS));
        if rows.short > 0 {
            let short = counted(rows.short, "file");
            table.notes.push(format!("{short} left out, too short for one step"));
        }
        Ok(table)
    }
}

/// The files of a text: that at the path, or all of a folder that are called so. And how many others there
/// are.
fn texts(path: &Path) -> Result<(Vec<PathBuf>, usize), DataError> {
    if !path.is_dir() {
        return Ok((vec![path.to_owned()], 0));
    }
    let Found { files, others, .. } = folder::texts(path)?;
    if files.is_empty() {
        let message = format!(
            "expected a text, or a folder of files that {TEXTS}, found a folder without such"
        );
        return Err(DataError::new(path.display(), message));
    }
    Ok((files, others))
}

#[typetag::serde(name = "text")]
impl Source for Text {
    fn at(
        &self,
        path: &Path,
        target: Option<&str>,
    ) -> Result<Option<Plugin<dyn Source>>, DataError> {
        if target.is_some_and(|target| target != NEXT) || path.is_dir() && texts(path).is_err() {
            return Ok(None);
        }
        if !path.exists() {
            return Err(input::failed(path, &std::io::ErrorKind::NotFound.into()));
        }
        Ok(Some(Self { path: path.into(), ..self.clone() }.into()))
    }

    fn open(&self) -> Result<Table, DataError> {
        self.read(None)
    }

    fn open_for(&self, schema: &Schema) -> Result<Table, DataError> {
        self.read(Some(schema))
    }

    /// Lines are those of one file.
    fn line(&self, schema: Option<&Schema>, row: usize) -> Option<u64> {
        if self.path.is_dir() {
            return None;
        }
        let (units, _) = self.units().ok()?;
        let with_targets = schema.is_none_or(|schema| !schema.targets.is_empty());
        let rows = Rows::new(&units, self.unit, self.length, with_targets).ok()?;
        Some(units::line(units.codes.get(..rows.start(row)?)?))
    }
}
