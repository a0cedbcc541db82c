//! `svmlight`: sparse rows as text, the format of SVMLight and LIBSVM.
//!
//! A line is `label index:value index:value … # comment`, with indices usually ascending and 0 for
//! those that are not there; `nan` is a missing value. The file is read twice: once for how many rows and features there are, so
//! that what does not fit is refused before it takes memory, and once for the numbers.

pub(crate) mod detect;
mod indices;
pub(crate) mod lines;

use crate::Task;
use crate::arrays::array::MAX_NAMED;
use crate::audit::audit_places;
use crate::file::input::MAX_BYTES;
use crate::file::kind::Kind;
use crate::file::rows::reserve;
use crate::file::{assemble, by_position};
use crate::svmlight::indices::Indices;
use crate::svmlight::lines::{Lines, Row};
use crate::target::{Rule, target};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use tanren_plugin::{
    Checked, DataError, Feature, Field, FieldSpec, Plugin, Schema, Source, Table, Values, typetag,
};
use tanren_tensor::Shape;

/// The largest index.
const MAX_INDEX: u64 = 1_000_000;

/// Rows of a sparse file, written out in full: input `features`, named by their indices in the
/// file; target `label`.
///
/// Labels that are few whole numbers, each in many rows, are classes; others are numbers. A row
/// whose label is NaN is left out. A model reads as many features as it knows: of those beyond, a
/// note tells.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SvmLight {
    /// The file; it may be gzip.
    pub path: PathBuf,
    /// How many features there are, at most 1,000,000; without it, as many as the largest index
    /// says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[setting(from = 1, to = MAX_INDEX)]
    pub features: Option<usize>,
    /// Whether indices begin at 0 rather than 1; without it, they do if one is 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_based: Option<bool>,
    /// Whether labels are classes or numbers, where their values leave that open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
}

impl SvmLight {
    /// A file about which everything is to be found by looking.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), features: None, zero_based: None, task: None }
    }

    /// Everything, or what a schema wants.
    fn read(&self, schema: Option<&Schema>) -> Result<Table, DataError> {
        let error = |message: String| DataError::new(self.path.display(), message);
        let mut indices = Indices::new(self, schema.and_then(|schema| schema.inputs.first()));
        let rule = Rule::wanted(schema, Rule::Task(self.task));
        let rows = self.each_row(rule.is_some(), |_, _, _, row| indices.see(row))?;
        let width = indices.width(&self.path, rows)?;
        let count = rows.checked_mul(width).filter(|&n| n as u64 <= MAX_BYTES / 8);
        let Some(count) = count else {
            let most = MAX_BYTES >> 30;
            let message = format!(
                "expected at most {most} GiB of numbers, found {rows} rows × {width} features"
            );
            return Err(error(message));
        };
        let (mut numbers, mut labels, mut lines) = (Vec::new(), Vec::new(), Vec::new());
        reserve(&self.path, &mut numbers, count)?;
        if rule.is_some() {
            reserve(&self.path, &mut labels, rows)?;
            reserve(&self.path, &mut lines, rows)?;
        }
        let mut queries = false;
        let changed = || error("the file changed while it was read".into());
        let read = self.each_row(rule.is_some(), |line, label, query, row| {
            let start = numbers.len();
            if start == count {
                return Err(changed());
            }
            queries |= query;
            if let Some(label) = label {
                labels.push(label);
                lines.push(line);
            }
            numbers.resize(start + width, 0.0);
            while let Some((place, value)) = indices.feature(row)? {
                let row = numbers.get_mut(start..).unwrap_or_default();
                *row.get_mut(place).ok_or_else(changed)? = value;
            }
            Ok(())
        })?;
        if read != rows {
            return Err(changed());
        }
        let target = rule.map(|rule| target(&self.path, "label", labels, rule));
        let target = target.transpose().map_err(|mut error| {
            error.line = error.row.and_then(|row| lines.get(row)).copied();
            error
        })?;
        let mut field = field(indices.base(), width, numbers);
        let renamed = by_position::adopt(&self.path, &mut field, schema)?;
        let mut table = assemble::table(&self.path, rows, field, target);
        if queries {
            table.notes.push("query ids (qid) are ignored".into());
        }
        table.notes.extend(indices.notes(renamed));
        if schema.is_none() {
            audit_places(&mut table);
        }
        Ok(table)
    }

    /// Calls `see` with the line of each row, its label where it is wanted, whether it belongs to a
    /// query, and with its features still to be read. Gives the number of rows.
    fn each_row(
        &self,
        labelled: bool,
        mut see: impl FnMut(u64, Option<f64>, bool, &mut Row<'_>) -> Result<(), DataError>,
    ) -> Result<usize, DataError> {
        let (mut lines, mut rows) = (Lines::open(&self.path)?, 0);
        while lines.advance()? {
            let mut row = lines.row()?;
            let label = if labelled {
                Some(row.label()?)
            } else {
                row.skip_label();
                None
            };
            let query = row.skip_query();
            see(lines.number(), label, query, &mut row)?;
            rows += 1;
        }
        Ok(rows)
    }
}

#[typetag::serde(name = "svmlight")]
impl Source for SvmLight {
    fn at(
        &self,
        path: &Path,
        target: Option<&str>,
    ) -> Result<Option<Plugin<dyn Source>>, DataError> {
        // Whoever names a target, which every row begins with, is told so by `file`.
        if Kind::of(path)? != Kind::SvmLight || target.is_some() {
            return Ok(None);
        }
        Ok(Some(Self { path: path.into(), ..self.clone() }.into()))
    }

    fn open(&self) -> Result<Table, DataError> {
        self.read(None)
    }

    fn open_for(&self, schema: &Schema) -> Result<Table, DataError> {
        self.read(Some(schema))
    }
}

/// The features, called by their indices from `base` on.
fn field(base: u64, width: usize, numbers: Vec<f64>) -> Field {
    let named = if width > MAX_NAMED { 0 } else { width };
    let indices = (base..).take(named);
    let features = indices.map(|index| Feature::number(index.to_string())).collect();
    let spec = FieldSpec { features, ..FieldSpec::new("features", Shape::vector(width)) };
    Field::new(spec, Values::Double(numbers))
}
