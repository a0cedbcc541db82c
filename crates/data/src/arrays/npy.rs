//! `npy`: an array that NumPy saved.

use crate::arrays::array::{self, Columns, Kept};
use crate::audit::audit_places;
use crate::csv::column_name::{self, position};
use crate::file::kind::Kind;
use crate::file::rows;
use crate::file::{assemble, by_position};
use crate::target::{Rule, target};
use crate::{NpyArray, Task};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};
use tanren_plugin::{
    Checked, DataError, FieldSpec, Plugin, Schema, SettingError, Source, Table, Values, typetag,
};

/// Rows of numbers from NumPy, one for each entry of the first dimension.
///
/// An array of three dimensions is the input `pixels`, pictures of height × width; any other is
/// the input `features`, named by their positions. NaN is a missing number. A target of few
/// whole numbers, each in many rows, is a class, any other is a number; a row whose target is
/// NaN is left out.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
#[setting(also = Self::targeted)]
pub struct Npy {
    /// The file; it may be gzip.
    pub path: PathBuf,
    /// Where the target is: the number of a column of a table, from 0 or, if negative, from the
    /// end; or another npy file with one target per row, of classes also as one-hot rows. Without it
    /// there is no target.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "column_name::optional"
    )]
    #[setting(kind = column_name::name_kind)]
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
        let labelled = schema.is_none_or(|schema| !schema.targets.is_empty());
        let mut one_hot = false;
        let (columns, told) = self.columns(schema, &shape)?;
        let width = array::width(&shape);
        let numbers = match told.filter(|_| labelled) {
            Some(Told::Column(column)) => {
                let numbers = rows::column(&self.path, &values, width, column)?;
                Some((&*self.path, column.to_string(), numbers))
            }
            Some(Told::File(path)) => {
                let numbers;
                (numbers, one_hot) = self.file(path, &shape)?;
                Some((path, "target".into(), numbers))
            }
            None if schema.is_some() && labelled => {
                let message = "no target given: set `target` to a column or a file";
                return Err(DataError::new(self.path.display(), message));
            }
            None => None,
        };
        if width == columns.whole {
            columns.keep(&mut shape, &mut values);
        }
        let rows = shape.first().copied().unwrap_or_default();
        match shape.len() {
            3 => shape.push(1),
            0..=2 => {}
            _ => shape = vec![rows, array::width(&shape)],
        }
        let mut input = array::input(&self.path, &shape, values, &columns)?;
        let renamed = by_position::adopt(&self.path, &mut input, schema)?;
        let task = self.task.or(one_hot.then_some(Task::Classification));
        let target = match (Rule::wanted(schema, Rule::Task(task)), numbers) {
            (Some(rule), Some((path, name, numbers))) => Some(target(path, &name, numbers, rule)?),
            _ => None,
        };
        let mut table = assemble::table(&self.path, rows, input, target);
        if renamed {
            table.notes.push(by_position::NOTE.into());
        }
        if one_hot {
            let note = "the targets are one-hot rows: classes are the positions of their ones";
            table.notes.push(note.into());
        }
        if schema.is_none() {
            audit_places(&mut table);
        }
        Ok(table)
    }

    /// Which columns of an array of this shape are features, and where its targets are.
    fn columns(
        &self,
        schema: Option<&Schema>,
        shape: &[usize],
    ) -> Result<(Columns, Option<Told<'_>>), DataError> {
        let width = array::width(shape);
        let all = Columns { whole: width, kept: Kept::All };
        let Some(target) = self.target.as_deref() else {
            let of_model = schema.filter(|_| shape.len() == 2);
            return Ok(match of_model.and_then(|schema| by_position::columns(schema, width)) {
                Some((inputs, target)) => {
                    let columns = Columns { whole: width, kept: Kept::These(inputs) };
                    (columns, target.map(Told::Column))
                }
                None => (all, None),
            });
        };
        if target.trim().parse::<i64>().is_err() {
            return Ok((all, Some(Told::File(Path::new(target)))));
        }
        // Data to predict for may come without the column that is to be predicted.
        let unlabelled = schema.filter(|schema| schema.targets.is_empty());
        let known = unlabelled.and_then(|schema| schema.inputs.first()).map(FieldSpec::width);
        if known == Some(width) {
            let whole = width.saturating_add(1);
            let kept = position(target, whole).map_or(Kept::All, Kept::Not);
            return Ok((Columns { whole, kept }, None));
        }
        let column = self.column(target, shape)?;
        let columns = Columns { whole: width, kept: Kept::Not(column) };
        Ok((columns, Some(Told::Column(column))))
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

    /// The targets in another file, and whether they were one-hot: as many columns as there are
    /// classes, with a 1 in the column of the class and 0 in all others.
    fn file(&self, path: &Path, shape: &[usize]) -> Result<(Vec<f64>, bool), DataError> {
        let targets = NpyArray::read(path)?;
        let rows = shape.first().copied().unwrap_or_default();
        let (found, width) = (targets.shape.first().copied(), array::width(&targets.shape));
        if found == Some(rows) {
            if width == 1 {
                return Ok((rows::doubles(path, targets.values)?, false));
            }
            if let ([_, _], Some(classes)) = (&*targets.shape, classes(&targets.values, width)) {
                return Ok((classes, true));
            }
        }
        let or = if targets.shape.len() == 2 { ", or one-hot rows of 0 and 1" } else { "" };
        let message = format!(
            "expected {rows} targets, one for each row of {}{or}, found a shape of {}",
            self.path.display(),
            array::written(&targets.shape)
        );
        Err(DataError::new(path.display(), message))
    }
}

impl Npy {
    /// Whether a target, where there is one, says something.
    fn targeted(&self) -> Result<(), SettingError> {
        match self.target.as_deref().map(str::trim) {
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

/// Where the 1 is in each row of `width` numbers, if all have only zeros besides.
fn classes(values: &Values, width: usize) -> Option<Vec<f64>> {
    let mut row = Vec::with_capacity(width.min(values.len()));
    (0..values.len())
        .step_by(width.max(1))
        .map(|at| {
            row.clear();
            values.read(at..values.len().min(at + width), &mut row);
            let place = row.iter().position(|&x| x == 1.0)?;
            let zeros = row.iter().enumerate().all(|(at, &x)| at == place || x == 0.0);
            zeros.then_some(place as f64)
        })
        .collect()
}

/// Where targets are.
enum Told<'a> {
    Column(usize),
    File(&'a Path),
}
