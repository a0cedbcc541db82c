//! `npy`: an array that NumPy saved.

use crate::arrays::array;
use crate::csv::column_name::{self, position};
use crate::file::assemble;
use crate::file::kind::Kind;
use crate::file::rows;
use crate::target::{Rule, target};
use crate::{NpyArray, Task};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};
use tanren_plugin::{
    Checked, DataError, Feature, Plugin, Schema, SettingError, Source, Table, typetag,
};

/// Rows of numbers from NumPy, one for each entry of the first dimension.
///
/// An array of three dimensions is the input `pixels`, pictures of height × width; any other is
/// the input `features`, named by their positions. NaN is a missing number. A target of whole
/// numbers with at most 20 different ones is a class, any other is a number; a row whose target is
/// NaN is left out.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Npy {
    /// The file; it may be gzip.
    pub path: PathBuf,
    /// Where the target is: the number of a column of a table, from 0 or, if negative, from the
    /// end; or another npy file with one target per row. Without it there is no target.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "column_name::optional"
    )]
    pub target: Option<String>,
    /// Whether targets are classes or numbers, where their values leave that open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
}

impl Npy {
    /// An array without a target.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), target: None, task: None }
    }

    /// The same array with a target: the number of a column, or another file.
    #[must_use]
    pub fn target(mut self, target: impl fmt::Display) -> Self {
        self.target = Some(target.to_string());
        self
    }

    /// Everything, or what a schema wants.
    fn read(&self, schema: Option<&Schema>) -> Result<Table, DataError> {
        let NpyArray { mut shape, mut values } = NpyArray::read(&self.path)?;
        let rule = Rule::wanted(schema, Rule::Task(self.task));
        let known = schema.filter(|schema| schema.targets.is_empty());
        let known = known.and_then(|schema| schema.inputs.first()).map(|spec| spec.shape.features);
        let (mut numbers, mut column) = (None, None);
        match self.target.as_deref().map(|text| (text, text.trim().parse::<i64>().is_ok())) {
            // Data to predict for may come without the column that is to be predicted.
            Some((number, true)) if known == Some(array::width(&shape)) => {
                column = position(number, array::width(&shape).saturating_add(1));
            }
            Some((number, true)) => {
                let at = self.column(number, &shape)?;
                let width = array::width(&shape);
                let taken = rows::take_column(&self.path, &mut values, width, at)?;
                if let Some(width) = shape.get_mut(1) {
                    *width -= 1;
                }
                numbers = Some((&*self.path, at.to_string(), taken));
                column = Some(at);
            }
            Some((path, false)) if rule.is_some() => {
                let path = Path::new(path);
                numbers = Some((path, "target".into(), self.file(path, &shape)?));
            }
            Some(_) => {}
            None if schema.is_some() && rule.is_some() => {
                let message = "no target given: set `target` to a column or a file";
                return Err(DataError::new(self.path.display(), message));
            }
            None => {}
        }
        let rows = shape.first().copied().unwrap_or_default();
        match shape.len() {
            3 => shape.push(1),
            0..=2 => {}
            _ => shape = vec![rows, array::width(&shape)],
        }
        let mut input = array::input(&self.path, &shape, values)?;
        if let Some(column) = column {
            for (position, feature) in input.spec.features.iter_mut().enumerate() {
                let position = if position < column { position } else { position + 1 };
                *feature = Feature::number(position.to_string());
            }
        }
        let target = match (rule, numbers) {
            (Some(rule), Some((path, name, numbers))) => Some(target(path, &name, numbers, rule)?),
            _ => None,
        };
        Ok(assemble::table(&self.path, rows, input, target))
    }

    /// The column of a table that has this number, and others beside it.
    fn column(&self, number: &str, shape: &[usize]) -> Result<usize, DataError> {
        let error = |message: String| DataError::new(self.path.display(), message);
        let [_, width] = *shape else {
            let found = array::written(shape);
            let message =
                format!("expected rows × columns for a target column, found a shape of {found}");
            return Err(error(message));
        };
        let number = number.trim();
        let Some(column) = position(number, width) else {
            let message = format!(
                "expected a target column from -{width} to {}, found {number}",
                width.saturating_sub(1)
            );
            return Err(error(message));
        };
        if width == 1 {
            return Err(error(
                "expected at least one column besides the target, found none".into(),
            ));
        }
        Ok(column)
    }

    /// The targets in another file.
    fn file(&self, path: &Path, shape: &[usize]) -> Result<Vec<f64>, DataError> {
        let targets = NpyArray::read(path)?;
        let rows = shape.first().copied().unwrap_or_default();
        if array::width(&targets.shape) != 1 || targets.values.len() != rows {
            let message = format!(
                "expected {rows} targets, one for each row of {}, found a shape of {}",
                self.path.display(),
                array::written(&targets.shape)
            );
            return Err(DataError::new(path.display(), message));
        }
        rows::doubles(path, targets.values)
    }
}

impl Checked for Npy {
    fn check(&self) -> Result<(), SettingError> {
        assemble::check_path("path", &self.path)?;
        let target = self.target.as_deref().map(str::trim);
        match target {
            Some("") => Err(SettingError::new("target", "a column or a file", "nothing")),
            _ => Ok(()),
        }
    }
}

#[typetag::serde(name = "npy")]
impl Source for Npy {
    fn at(
        &self,
        path: &Path,
        target: Option<&str>,
    ) -> Result<Option<Plugin<dyn Source>>, DataError> {
        if Kind::of(path)? != Kind::Npy {
            return Ok(None);
        }
        // A file of targets belongs to the rows of the first array.
        let column = self.target.clone().filter(|target| target.trim().parse::<i64>().is_ok());
        let target = target.map(str::to_owned).or(column);
        Ok(Some(Self { path: path.into(), target, ..self.clone() }.into()))
    }

    fn open(&self) -> Result<Table, DataError> {
        self.read(None)
    }

    fn open_for(&self, schema: &Schema) -> Result<Table, DataError> {
        self.read(Some(schema))
    }
}
