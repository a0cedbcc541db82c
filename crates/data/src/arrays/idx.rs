//! `idx`: pictures and labels in the files MNIST and its relatives come in.

use crate::arrays::array::{self, Columns, Kept};
use crate::arrays::idx_names::{self, labels_beside};
use crate::file::kind::Kind;
use crate::file::rows;
use crate::file::{assemble, by_position};
use crate::target::{Rule, one_sided, target};
use crate::{IdxArray, Task};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use tanren_plugin::{Checked, DataError, Part, Plugin, Schema, Source, Table, Values, typetag};

/// Pictures, or rows of other numbers, and their labels.
///
/// The input is `pixels` where every row is a picture (height × width, or height × width ×
/// channels) and otherwise `features`; NaN is a missing number. The target is `label`: the classes
/// that occur if all labels are whole, and otherwise a number; a row whose label is NaN is left
/// out. The t10k or test files of a folder are for testing; their rows follow those for training,
/// and the classes are those of both. Messages name the file that is at fault and count its own
/// rows.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Idx {
    /// A folder with `train-images-idx3-ubyte` and `train-labels-idx1-ubyte`, and perhaps the same
    /// for `t10k` or `test`, or a single file of pictures. Each may be gzip, may have a dot before
    /// `idx`, and the name of a data set and a `-` before its own. Labels may also be called
    /// `labels-idx2-int`, as those of QMNIST are, of whose 8 columns the first is the class.
    pub path: PathBuf,
    /// Which data set of a folder that has several: what stands before `-train-images`, or its last
    /// word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
    /// The labels that belong to a single file. Without them there is no target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<PathBuf>,
    /// Whether labels are classes or measurements; without it, they are classes if all are whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
}

impl Idx {
    /// A folder, or a single file without labels.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), set: None, labels: None, task: None }
    }

    /// The same pictures with labels from a file.
    #[must_use]
    pub fn labels(mut self, path: impl Into<PathBuf>) -> Self {
        self.labels = Some(path.into());
        self
    }

    /// The files to train on, and those to test with where there are any.
    fn files(&self, labelled: bool) -> Result<Vec<Files>, DataError> {
        let error = |message: &str| DataError::new(self.path.display(), message);
        if !self.path.is_dir() {
            if self.set.is_some() {
                return Err(error("`set` cannot be set for a single file, only for a folder"));
            }
            let labels = self.labels.clone().filter(|_| labelled);
            return Ok(vec![Files { images: self.path.clone(), labels }]);
        }
        if self.labels.is_some() {
            return Err(error("`labels` cannot be set for a folder, only for a single file"));
        }
        let (train, test) = idx_names::in_folder(&self.path, self.set.as_deref(), labelled)?;
        let files = |(images, labels)| Files { images, labels };
        Ok(std::iter::once(train).chain(test).map(files).collect())
    }

    /// How labels become a target when no model says.
    fn rule(&self, labels: &[f64]) -> Rule<'static> {
        let whole = labels.iter().all(|x| x.is_nan() || x.fract() == 0.0);
        Rule::Task(self.task.or(whole.then_some(Task::Classification)))
    }

    /// Everything, or what a schema wants.
    fn read(&self, schema: Option<&Schema>) -> Result<Table, DataError> {
        let labelled = schema.is_none_or(|schema| !schema.targets.is_empty());
        let files = self.files(labelled)?;
        let Some((first, others)) = files.split_first() else { return Ok(Table::default()) };
        if schema.is_some() && labelled && first.labels.is_none() {
            let message = "no labels found: set `labels` to the file that holds them";
            return Err(DataError::new(self.path.display(), message));
        }
        let (mut images, mut labels) = first.read()?;
        let train = first_dimension(&images);
        for other in others {
            let (more, more_labels) = other.read()?;
            if images.shape.get(1..) != more.shape.get(1..) {
                let pictures = |a: &IdxArray| array::written(a.shape.get(1..).unwrap_or_default());
                let (expected, found) = (pictures(&images), pictures(&more));
                let message = format!(
                    "expected images of {expected}, as in the training files, found {found}"
                );
                return Err(DataError::new(other.images.display(), message));
            }
            let rows = train + first_dimension(&more);
            images.values = rows::join(&self.path, images.values, more.values)?;
            if let Some(length) = images.shape.first_mut() {
                *length = rows;
            }
            if let (Some(labels), Some(more)) = (&mut labels, more_labels) {
                labels.classes.extend(more.classes);
                labels.columns = labels.columns.max(more.columns);
            }
        }
        let rows = first_dimension(&images);
        let label_columns = labels.as_ref().map_or(1, |labels| labels.columns);
        let mut shape = images.shape;
        if shape.len() == 3 {
            shape.push(1);
        }
        let paths: Vec<&Path> = files.iter().map(|files| files.images.as_path()).collect();
        let columns = Columns { whole: array::width(&shape), kept: Kept::All };
        let mut input = array::input(&self.path, &shape, images.values, &columns)
            .map_err(|error| located(error, train, &paths))?;
        let renamed = by_position::adopt(&self.path, &mut input, schema)?;
        let paths: Vec<&Path> = files.iter().filter_map(|files| files.labels.as_deref()).collect();
        let target = labels.and_then(|labels| {
            let rule = Rule::wanted(schema, self.rule(&labels.classes))?;
            Some(target(&self.path, "label", labels.classes, rule))
        });
        let target = target.transpose().map_err(|error| located(error, train, &paths))?;
        let mut table = assemble::table(&self.path, rows, input, target);
        if rows > train {
            let part = |row| if table.number(row) < train { Part::Train } else { Part::Test };
            table.parts = Some((0..table.rows).map(part).collect());
        }
        if label_columns > 1 {
            let note = format!("the class is the first of {label_columns} columns of the labels");
            table.notes.push(note);
        }
        if renamed {
            table.notes.push(by_position::NOTE.into());
        }
        if schema.is_none() {
            table.notes.extend(one_sided::notes(&table));
        }
        Ok(table)
    }
}

#[typetag::serde(name = "idx")]
impl Source for Idx {
    fn at(
        &self,
        path: &Path,
        target: Option<&str>,
    ) -> Result<Option<Plugin<dyn Source>>, DataError> {
        // Whoever names a target for a folder, which has its own, is told so by `file`.
        if Kind::of(path)? != Kind::Idx || (target.is_some() && path.is_dir()) {
            return Ok(None);
        }
        let labels = target.map(PathBuf::from).or_else(|| labels_beside(path));
        let set = self.set.clone().filter(|set| path.is_dir() && idx_names::has_set(path, set));
        Ok(Some(Self { path: path.into(), set, labels, ..self.clone() }.into()))
    }

    fn open(&self) -> Result<Table, DataError> {
        self.read(None)
    }

    fn open_for(&self, schema: &Schema) -> Result<Table, DataError> {
        self.read(Some(schema))
    }
}

/// The files of one part.
struct Files {
    images: PathBuf,
    labels: Option<PathBuf>,
}

/// The labels of one part.
struct Labels {
    classes: Vec<f64>,
    /// How many columns the file has, of which they are the first.
    columns: usize,
}

/// The columns of the labels of QMNIST, which tell where a digit comes from behind its class.
const QMNIST: usize = 8;

impl Files {
    fn read(&self) -> Result<(IdxArray, Option<Labels>), DataError> {
        let images = IdxArray::read(&self.images)?;
        let Some(path) = &self.labels else { return Ok((images, None)) };
        let IdxArray { shape, values } = IdxArray::read(path)?;
        let error = |message: String| DataError::new(path.display(), message);
        let (found, columns) = match (shape.as_slice(), &values) {
            ([rows] | [rows, 1], _) => (*rows, 1),
            ([rows, QMNIST], Values::Double(_)) => (*rows, QMNIST),
            _ => {
                let found = array::written(&shape);
                return Err(error(format!(
                    "expected labels in one dimension, or integers in {QMNIST} columns as in QMNIST, \
                     found a shape of {found}"
                )));
            }
        };
        let rows = first_dimension(&images);
        if found != rows {
            let images = self.images.display();
            let message =
                format!("expected {rows} labels, one for each row of {images}, found {found}");
            return Err(error(message));
        }
        let classes = match columns {
            1 => rows::doubles(path, values)?,
            _ => rows::column(path, &values, columns, 0)?,
        };
        Ok((images, Some(Labels { classes, columns })))
    }
}

/// An error about rows that follow each other, told of the file that has the row and by its number
/// there; `first` rows are those of the first file.
fn located(mut error: DataError, first: usize, paths: &[&Path]) -> DataError {
    let path = match (error.row, paths) {
        (Some(row), [_, second, ..]) if row >= first => {
            error.row = Some(row - first);
            second
        }
        (Some(_), [path, ..]) | (None, [path]) => path,
        _ => return error, // about all of them
    };
    error.source = path.display().to_string();
    error
}

fn first_dimension(array: &IdxArray) -> usize {
    array.shape.first().copied().unwrap_or_default()
}
