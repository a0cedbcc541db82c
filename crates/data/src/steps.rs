//! `steps`: rows of which the columns are the steps of a sequence.
//!
//! With F features, step t of a row has its columns t·F … t·F + F − 1, counted from 0. Missing numbers at the
//! end of a row end its sequence: the last step is the last one that has a number.

use crate::file::rows::reserve;
use serde::{Deserialize, Serialize};
use std::path::Path;
use tanren_plugin::{
    Checked, DataError, Feature, Field, FieldSpec, Plugin, Schema, Source, Table, Values, typetag,
};
use tanren_tensor::Shape;

/// Sequences that are written one in a row: the inputs of each row, in their order, are its steps.
///
/// Rows may be of unequal length: the missing numbers at the end of one are no steps. A number that is missing
/// before the last step stays missing. Features are called as the columns of the first step without the
/// number at the end, if those of all steps are called so, and by their positions otherwise. Targets stay as
/// they are. Where a network needs sequences of one length, it pads them at the end.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Steps {
    /// The rows: their inputs are numbers.
    pub of: Plugin<dyn Source>,
    /// How many numbers a step has.
    #[serde(default = "one")]
    #[setting(from = 1)]
    pub features: usize,
}

const fn one() -> usize {
    1
}

impl Steps {
    /// Sequences of one number at each step.
    pub fn new(of: impl Into<Plugin<dyn Source>>) -> Self {
        Self { of: of.into(), features: 1 }
    }

    /// The table with its input as sequences.
    fn cut(&self, mut table: Table) -> Result<Table, DataError> {
        self.check().map_err(|error| DataError::new(&table.name, error))?;
        table.check()?;
        let error = |message: String| DataError::new(&table.name, message);
        let [input] = table.inputs.as_slice() else {
            let found = table.inputs.len();
            return Err(error(format!(
                "expected one input, whose columns are steps, found {found}"
            )));
        };
        let (spec, width, features) = (&input.spec, input.width(), self.features);
        if spec.shape.indices
            || spec.shape.sequence
            || table.targets.iter().any(|t| t.offsets.is_some())
        {
            return Err(error(format!("expected rows of numbers, found {}", spec.shape)));
        }
        if let Some(category) = spec.features.iter().find(|feature| feature.is_category()) {
            let message = "expected a number, which is part of a step, found a category";
            return Err(error(message.into()).column(&category.name));
        }
        if width % features != 0 {
            let message = format!(
                "expected a multiple of {features} inputs, {features} for each step, found {width}"
            );
            return Err(error(message));
        }
        let (mut values, mut offsets) = (Vec::new(), vec![0]);
        reserve(Path::new(&table.name), &mut values, input.values.len())?;
        for row in 0..table.rows {
            let start = values.len();
            input.read(row, &mut values);
            let last = values.iter().skip(start).rposition(|x| !x.is_nan());
            let Some(last) = last else {
                let message =
                    "expected a sequence of at least one step, found missing numbers alone";
                return Err(error(message.into()).row(table.number(row)));
            };
            values.truncate(start + (last / features + 1) * features);
            offsets.push(values.len() / features);
        }
        let spec = FieldSpec {
            shape: Shape::sequence(features),
            features: self.names(spec),
            columns: (0..width).map(|at| column(spec, at)).collect(),
            ..spec.clone()
        };
        table.inputs = vec![Field { spec, values: Values::Double(values), offsets: Some(offsets) }];
        Ok(table)
    }

    /// What the numbers of a step are called.
    fn names(&self, spec: &FieldSpec) -> Vec<Feature> {
        let base = |at: usize| {
            let name = column(spec, at).name;
            let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
            base.trim_end_matches([' ', '_', '-', '.']).to_owned()
        };
        let names: Vec<String> = (0..self.features).map(base).collect();
        let same = (0..spec.width()).all(|at| names.get(at % self.features) == Some(&base(at)));
        let distinct = (1..names.len()).all(|at| !names[..at].contains(&names[at]));
        let named = same && distinct && names.iter().all(|name| !name.is_empty());
        let name = |at: usize| if named { names[at].clone() } else { at.to_string() };
        (0..self.features).map(|at| Feature::number(name(at))).collect()
    }

    /// What a model needs of the rows.
    fn schema_of(&self, schema: &Schema) -> Result<Schema, DataError> {
        match schema.inputs.as_slice() {
            [spec]
                if spec.shape.sequence
                    && spec.width() == self.features
                    && !spec.columns.is_empty() =>
            {
                let spec = FieldSpec {
                    shape: Shape::vector(spec.columns.len()),
                    features: spec.columns.clone(),
                    columns: Vec::new(),
                    ..spec.clone()
                };
                Ok(Schema { inputs: vec![spec], ..schema.clone() })
            }
            _ => {
                let inputs: Vec<&str> =
                    schema.inputs.iter().map(|spec| spec.name.as_str()).collect();
                let message = format!(
                    "the model expects the inputs [{}], which are no columns as steps of {} numbers",
                    inputs.join(", "),
                    self.features
                );
                Err(DataError::new("steps", message))
            }
        }
    }
}

/// What a column of a row is.
fn column(spec: &FieldSpec, at: usize) -> Feature {
    let given = spec.features.get(at).cloned();
    given.unwrap_or_else(|| Feature::number(spec.feature_name(at)))
}

#[typetag::serde(name = "steps")]
impl Source for Steps {
    fn at(
        &self,
        path: &Path,
        target: Option<&str>,
    ) -> Result<Option<Plugin<dyn Source>>, DataError> {
        let of = self.of.at(path, target)?;
        Ok(of.map(|of| Self { of, ..self.clone() }.into()))
    }

    fn open(&self) -> Result<Table, DataError> {
        self.cut(self.of.open()?).map_err(|error| self.of.in_line(None, error))
    }

    fn open_for(&self, schema: &Schema) -> Result<Table, DataError> {
        let own = self.schema_of(schema)?;
        self.cut(self.of.open_for(&own)?).map_err(|error| self.of.in_line(Some(&own), error))
    }

    fn line(&self, schema: Option<&Schema>, row: usize) -> Option<u64> {
        let schema = schema.map(|schema| self.schema_of(schema)).transpose().ok()?;
        self.of.line(schema.as_ref(), row)
    }
}
