//! `svmlight`: sparse rows as text, the format of SVMLight and LIBSVM.
//!
//! A line is `label index:value index:value … # comment`, with indices ascending and 0 for those
//! that are not there. The file is read twice: once for how many rows and features there are, so
//! that what does not fit is refused before it takes memory, and once for the numbers.

pub(crate) mod lines;

use crate::Task;
use crate::arrays::array::MAX_NAMED;
use crate::file::assemble;
use crate::file::input::MAX_BYTES;
use crate::file::kind::Kind;
use crate::file::rows::reserve;
use crate::svmlight::lines::{Lines, Row};
use crate::target::{Rule, target};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use tanren_plugin::{
    Checked, DataError, Feature, Field, FieldSpec, Plugin, Schema, SettingError, Source, Table,
    Values, typetag,
};
use tanren_tensor::Shape;

/// The largest index.
const MAX_INDEX: u64 = 1_000_000;

/// Rows of a sparse file, written out in full: input `features`, named by their indices in the
/// file; target `label`.
///
/// Labels that are whole numbers, at most 20 different ones, are classes; others are numbers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SvmLight {
    /// The file; it may be gzip.
    pub path: PathBuf,
    /// How many features there are, at most 1,000,000; without it, as many as the largest index
    /// says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub features: Option<usize>,
    /// Whether indices begin at 0 rather than 1.
    #[serde(default)]
    pub zero_based: bool,
    /// Whether labels are classes or numbers, where their values leave that open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
}

/// What the first reading of a file finds.
struct Size {
    rows: usize,
    width: usize,
}

/// What to read of a file.
struct Wanted<'a> {
    /// The features there may be, and who says so.
    limit: Option<(usize, &'static str)>,
    /// How labels become a target, unless there is to be none.
    rule: Option<Rule<'a>>,
}

impl SvmLight {
    /// A file whose indices begin at 1.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), features: None, zero_based: false, task: None }
    }

    fn read(&self, wanted: &Wanted<'_>) -> Result<Table, DataError> {
        let error = |message: String| DataError::new(self.path.display(), message);
        let Size { rows, width } = self.measure(wanted)?;
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
        if wanted.rule.is_some() {
            reserve(&self.path, &mut labels, rows)?;
            reserve(&self.path, &mut lines, rows)?;
        }
        let mut queries = false;
        let changed = || error("the file changed while it was read".into());
        let read = self.each_row(wanted, |line, label, query, row| {
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
            while let Some((place, value)) = self.feature(row, wanted)? {
                let row = numbers.get_mut(start..).unwrap_or_default();
                *row.get_mut(place).ok_or_else(changed)? = value;
            }
            Ok(())
        })?;
        if read != rows {
            return Err(changed());
        }
        let target = wanted.rule.map(|rule| target(&self.path, "label", labels, rule));
        let target = target.transpose().map_err(|mut error| {
            error.line = error.row.and_then(|row| lines.get(row)).copied();
            error
        })?;
        let mut table = assemble::table(&self.path, rows, self.field(width, numbers), target);
        if queries {
            table.notes.push("query ids (qid) are ignored".into());
        }
        Ok(table)
    }

    /// How many rows and features there are.
    fn measure(&self, wanted: &Wanted<'_>) -> Result<Size, DataError> {
        let mut largest = 0;
        let rows = self.each_row(wanted, |_, _, _, row| {
            while let Some((place, _)) = self.feature(row, wanted)? {
                largest = largest.max(place + 1);
            }
            Ok(())
        })?;
        let width = wanted.limit.map_or(largest, |(limit, _)| limit);
        let missing = match (rows, width) {
            (0, _) => "row",
            (_, 0) => "feature",
            _ => return Ok(Size { rows, width }),
        };
        let message = format!("expected at least one {missing}, found none");
        Err(DataError::new(self.path.display(), message))
    }

    /// Calls `see` with the line of each row, its label where it is wanted, whether it belongs to a
    /// query, and with its features still to be read. Gives the number of rows.
    fn each_row(
        &self,
        wanted: &Wanted<'_>,
        mut see: impl FnMut(u64, Option<f64>, bool, &mut Row<'_>) -> Result<(), DataError>,
    ) -> Result<usize, DataError> {
        let (mut lines, mut rows) = (Lines::open(&self.path)?, 0);
        while lines.advance()? {
            let mut row = lines.row()?;
            let label = match wanted.rule {
                Some(_) => Some(row.label()?),
                None => {
                    row.skip_label();
                    None
                }
            };
            let query = row.skip_query();
            see(lines.number(), label, query, &mut row)?;
            rows += 1;
        }
        Ok(rows)
    }

    /// The next feature of a row: its position and its value.
    fn feature(
        &self,
        row: &mut Row<'_>,
        wanted: &Wanted<'_>,
    ) -> Result<Option<(usize, f64)>, DataError> {
        let Some((index, value)) = row.feature()? else { return Ok(None) };
        let base = u64::from(!self.zero_based);
        let Some(place) = index.checked_sub(base) else {
            let message = "expected indices of 1 or more, found 0; set `zero-based = true` if they begin at 0";
            return Err(row.error(message));
        };
        let (limit, whose) = wanted.limit.unwrap_or((MAX_INDEX as usize, ""));
        if place >= limit as u64 {
            let largest = (limit as u64).saturating_add(base).saturating_sub(1);
            return Err(
                row.error(format!("expected indices up to {largest}{whose}, found {index}"))
            );
        }
        Ok(Some((place as usize, value)))
    }

    fn field(&self, width: usize, numbers: Vec<f64>) -> Field {
        let named = if width > MAX_NAMED { 0 } else { width };
        let index = |place| place + usize::from(!self.zero_based);
        let features = (0..named).map(|place| Feature::number(index(place).to_string())).collect();
        let spec = FieldSpec { features, ..FieldSpec::new("features", Shape::vector(width)) };
        Field::new(spec, Values::Double(numbers))
    }
}

impl Checked for SvmLight {
    fn check(&self) -> Result<(), SettingError> {
        assemble::check_path("path", &self.path)?;
        match self.features {
            Some(n) if n == 0 || n as u64 > MAX_INDEX => {
                Err(SettingError::new("features", format!("1 to {MAX_INDEX}"), n))
            }
            _ => Ok(()),
        }
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
        let limit = self.features.map(|n| (n, ", the value of `features`"));
        self.read(&Wanted { limit, rule: Some(Rule::Task(self.task)) })
    }

    fn open_for(&self, schema: &Schema) -> Result<Table, DataError> {
        let limit = schema
            .inputs
            .first()
            .map(|spec| (spec.width(), ", as in the training data of the model"));
        self.read(&Wanted { limit, rule: Rule::wanted(Some(schema), Rule::Task(self.task)) })
    }
}
