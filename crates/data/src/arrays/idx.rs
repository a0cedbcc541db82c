//! `idx`: pictures and labels in the files MNIST and its relatives come in.

use crate::arrays::array;
use crate::file::assemble;
use crate::file::kind::Kind;
use crate::file::rows;
use crate::target::{Rule, target};
use crate::{IdxArray, Task};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use tanren_plugin::{
    Checked, DataError, Part, Plugin, Schema, SettingError, Source, Table, typetag,
};

/// Pictures, or rows of other numbers, and their labels.
///
/// The input is `pixels` where every row is a picture (height × width, or height × width ×
/// channels) and otherwise `features`; NaN is a missing number. The target is `label`: classes
/// called 0, 1, … up to the largest, or a number where `task` is regression; a row whose label is
/// NaN is left out. The t10k files of a folder are for testing; their rows follow those for
/// training. Messages name the file that is at fault and count its own rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Idx {
    /// A folder with `train-images-idx3-ubyte` and `train-labels-idx1-ubyte`, and perhaps the same
    /// for `t10k`, or a single file of pictures. Each may be gzip, and may have a dot before `idx`.
    pub path: PathBuf,
    /// The labels that belong to a single file. Without them there is no target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<PathBuf>,
    /// Whether labels are classes, as they are when nobody says, or measurements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
}

impl Idx {
    /// A folder, or a single file without labels.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), labels: None, task: None }
    }

    /// The same pictures with labels from a file.
    #[must_use]
    pub fn labels(mut self, path: impl Into<PathBuf>) -> Self {
        self.labels = Some(path.into());
        self
    }

    /// The files, with the part of each where they say.
    fn files(&self, labelled: bool) -> Result<Vec<Files>, DataError> {
        if !self.path.is_dir() {
            let labels = self.labels.clone().filter(|_| labelled);
            return Ok(vec![Files { images: self.path.clone(), labels }]);
        }
        if self.labels.is_some() {
            let message = "`labels` cannot be set for a folder, only for a single file";
            return Err(DataError::new(self.path.display(), message));
        }
        let train = Files::of(&self.path, "train", labelled)?;
        let absent = |what: &str| find(&self.path, what).is_none();
        if absent("t10k-images-idx3") && absent("t10k-labels-idx1") {
            return Ok(vec![train]);
        }
        Ok(vec![train, Files::of(&self.path, "t10k", labelled)?])
    }

    /// Everything, or what a schema wants.
    fn read(&self, schema: Option<&Schema>) -> Result<Table, DataError> {
        let otherwise = match self.task {
            Some(Task::Regression) => Rule::Task(self.task),
            _ => Rule::Counted,
        };
        let rule = Rule::wanted(schema, otherwise);
        let files = self.files(rule.is_some())?;
        let Some((first, others)) = files.split_first() else { return Ok(Table::default()) };
        if schema.is_some() && rule.is_some() && first.labels.is_none() {
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
                labels.extend(more);
            }
        }
        let rows = first_dimension(&images);
        let mut shape = images.shape;
        if shape.len() == 3 {
            shape.push(1);
        }
        let paths: Vec<&Path> = files.iter().map(|files| files.images.as_path()).collect();
        let input = array::input(&self.path, &shape, images.values)
            .map_err(|error| located(error, train, &paths))?;
        let paths: Vec<&Path> = files.iter().filter_map(|files| files.labels.as_deref()).collect();
        let target = match (rule, labels) {
            (Some(rule), Some(labels)) => Some(target(&self.path, "label", labels, rule)),
            _ => None,
        };
        let target = target.transpose().map_err(|error| located(error, train, &paths))?;
        let mut table = assemble::table(&self.path, rows, input, target);
        if rows > train {
            let part = |row| if table.number(row) < train { Part::Train } else { Part::Test };
            table.parts = Some((0..table.rows).map(part).collect());
        }
        Ok(table)
    }
}

impl Checked for Idx {
    fn check(&self) -> Result<(), SettingError> {
        assemble::check_path("path", &self.path)?;
        self.labels.as_deref().map_or(Ok(()), |path| assemble::check_path("labels", path))
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
        Ok(Some(Self { path: path.into(), labels, ..self.clone() }.into()))
    }

    fn open(&self) -> Result<Table, DataError> {
        self.read(None)
    }

    fn open_for(&self, schema: &Schema) -> Result<Table, DataError> {
        self.read(Some(schema))
    }
}

/// The labels that belong to a file of images, where they lie beside it under their usual name.
pub(crate) fn labels_beside(images: &Path) -> Option<PathBuf> {
    let name = images.file_name()?.to_str()?;
    let labels = name.replace("images", "labels").replace("idx3", "idx1");
    let path = images.with_file_name(&labels);
    (labels != name && path.is_file()).then_some(path)
}

/// The files of one part.
struct Files {
    images: PathBuf,
    labels: Option<PathBuf>,
}

impl Files {
    /// Those of a folder whose names begin with `part`.
    fn of(folder: &Path, part: &str, labelled: bool) -> Result<Self, DataError> {
        let file = |what: &str| {
            find(folder, what).ok_or_else(|| {
                let message = format!("expected a file {what}-ubyte, plain or .gz, found none");
                DataError::new(folder.display(), message)
            })
        };
        let images = file(&format!("{part}-images-idx3"))?;
        let labels = labelled.then(|| file(&format!("{part}-labels-idx1"))).transpose()?;
        Ok(Self { images, labels })
    }

    fn read(&self) -> Result<(IdxArray, Option<Vec<f64>>), DataError> {
        let images = IdxArray::read(&self.images)?;
        let Some(path) = &self.labels else { return Ok((images, None)) };
        let labels = IdxArray::read(path)?;
        let rows = first_dimension(&images);
        if labels.shape.len() != 1 {
            let found = array::written(&labels.shape);
            let message = format!("expected labels in one dimension, found a shape of {found}");
            return Err(DataError::new(path.display(), message));
        }
        if labels.values.len() != rows {
            let message = format!(
                "expected {rows} labels, one for each row of {}, found {}",
                self.images.display(),
                labels.values.len()
            );
            return Err(DataError::new(path.display(), message));
        }
        Ok((images, Some(rows::doubles(path, labels.values)?)))
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

/// The file `train-images-idx3-ubyte`, say, in one of its spellings.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let dotted = name.replace("-idx", ".idx");
    let names = [name, &dotted].map(|name| format!("{name}-ubyte"));
    let plain = names.iter().map(|name| folder.join(name));
    let packed = names.iter().map(|name| folder.join(format!("{name}.gz")));
    plain.chain(packed).find(|path| path.is_file())
}
