//! `Inner`: the table that windows are over, and which of its columns a model needs.

use crate::series::located;
use crate::windows::Windows;
use tanren_plugin::{DataError, Field, FieldSpec, Schema, Table};
use tanren_tensor::Shape;

/// The table, and its targets one by one.
pub(super) struct Inner {
    pub(super) table: Table,
    /// The values of each target, row by row, after their logarithm is taken where that is wanted.
    pub(super) targets: Vec<Vec<f64>>,
}

impl Inner {
    /// Opens the table as such, or for a model of windows over it.
    ///
    /// # Errors
    /// As [`tanren_plugin::Source::open_for`]; when it is no table of numbers and categories with targets that
    /// are numbers, or misses a row between others.
    pub(super) fn open(windows: &Windows, schema: Option<&Schema>) -> Result<Self, DataError> {
        let own = schema.map(|schema| windows.schema_of(schema)).transpose()?;
        let table = match &own {
            None => windows.of.open()?,
            Some(own) => {
                // The time and the series of a forecast tell what it is for, if the source knows texts.
                let known = own.ids.clone().map(|mut ids| {
                    let more = [&windows.order, &windows.series].into_iter().flatten();
                    let more: Vec<_> = more.filter(|name| !ids.contains(name)).cloned().collect();
                    ids.extend(more);
                    ids
                });
                let wider = windows.of.open_for(&Schema { ids: known, ..own.clone() });
                wider.or_else(|_| windows.of.open_for(own))?
            }
        };
        table.check()?;
        refuse_others(&table)?;
        let located = |error| located(&windows.of, own.as_ref(), &table, error);
        refuse_gaps(&table).map_err(located)?;
        let targets = table.targets.iter().map(|target| values(windows, &table, target));
        let targets = targets.collect::<Result<_, _>>().map_err(located)?;
        Ok(Self { table, targets })
    }

    /// Numbers at each step that are inputs of the table.
    pub(super) fn width(&self) -> usize {
        self.table.inputs.first().map_or(0, Field::width)
    }
}

impl Windows {
    /// What a model of windows needs of the table they are over.
    ///
    /// # Errors
    /// When the model is none of such windows.
    pub(super) fn schema_of(&self, schema: &Schema) -> Result<Schema, DataError> {
        let other = || {
            let inputs: Vec<&str> = schema.inputs.iter().map(|spec| spec.name.as_str()).collect();
            let message = format!(
                "the model expects the inputs [{}], which are no windows with these settings",
                inputs.join(", ")
            );
            DataError::new("windows", message)
        };
        let [spec] = schema.inputs.as_slice() else { return Err(other()) };
        let foretold = |name: &str| {
            let first = Self::ahead_name(name, self.gap + 1);
            schema.is_target(&first)
        };
        let targets = spec.features.iter().take_while(|feature| foretold(&feature.name)).count();
        let (own, inputs) =
            spec.features.split_at_checked(self.own_width(targets)).ok_or_else(other)?;
        if targets == 0 {
            return Err(other());
        }
        let described = |name: &str, features: &[_]| FieldSpec {
            name: name.to_owned(),
            shape: Shape::vector(features.len()),
            features: features.to_vec(),
            ..spec.clone()
        };
        let targets = own.iter().take(targets);
        Ok(Schema {
            inputs: (!inputs.is_empty())
                .then(|| described(&spec.name, inputs))
                .into_iter()
                .collect(),
            targets: targets.map(|f| described(&f.name, std::slice::from_ref(f))).collect(),
            unused: Vec::new(),
            ids: schema.ids.clone(),
        })
    }
}

/// Refuses what is no series.
fn refuse_others(table: &Table) -> Result<(), DataError> {
    let error = |message: &str| Err(DataError::new(&table.name, message));
    let vector = |field: &Field| !field.spec.shape.indices && !field.spec.shape.sequence;
    if table.inputs.len() > 1 || !table.inputs.iter().all(vector) {
        return error("windows are over a table of numbers and categories, found other inputs");
    }
    if table.parts.is_some() {
        return error(
            "windows cannot be over rows that have parts already: put windows into `train-test`",
        );
    }
    if table.targets.is_empty() {
        return error("expected at least one target, which is the series to forecast, found none");
    }
    match table.targets.iter().find(|target| !vector(target) || target.width() != 1) {
        None => Ok(()),
        Some(target) => {
            let message = match target.spec.shape.indices {
                true => {
                    "expected a target that is a number, found classes; set `task = \"regression\"` for it"
                }
                false => "expected targets of one number each; leave out `joint`",
            };
            Err(DataError::new(&table.name, message).column(&target.spec.name))
        }
    }
}

/// Refuses a table that has left a row out between others: one without a target.
fn refuse_gaps(table: &Table) -> Result<(), DataError> {
    let gap = (1..table.rows).find(|&row| table.number(row) != table.number(row - 1) + 1);
    let Some(row) = gap else { return Ok(()) };
    let names: Vec<&str> = table.targets.iter().map(|target| target.spec.name.as_str()).collect();
    let message = format!(
        "expected a value of {} in every row, since it is a step of the series, found a row without: \
         write one there, such as the mean of its neighbours",
        names.join(" and ")
    );
    Err(DataError::new(&table.name, message).row(table.number(row - 1) + 1))
}

/// The values of a target.
fn values(windows: &Windows, table: &Table, target: &Field) -> Result<Vec<f64>, DataError> {
    let mut values = Vec::with_capacity(table.rows);
    target.values.read(0..table.rows, &mut values);
    let refuse = |row: usize, message: String| {
        Err(DataError::new(&table.name, message).row(table.number(row)).column(&target.spec.name))
    };
    if let Some(row) = values.iter().position(|x| !x.is_finite()) {
        return refuse(row, format!("expected a number, found {}", values[row]));
    }
    if windows.log {
        if let Some(row) = values.iter().position(|x| *x <= 0.0) {
            let found = values[row];
            return refuse(
                row,
                format!("expected a number above 0, which has a logarithm, found {found}"),
            );
        }
        values.iter_mut().for_each(|x| *x = x.ln());
    }
    Ok(values)
}
