//! The rows of which sequences are made, and which of their columns a model needs.

use crate::sequences::Sequences;
use tanren_plugin::{DataError, Feature, Field, FieldSpec, Schema, Table, nearest};
use tanren_tensor::Shape;

/// Rows with their targets apart from their inputs.
pub(super) struct Rows {
    /// Its first input is a vector of numbers and categories, its targets are classes and numbers.
    pub(super) table: Table,
    /// Which rows know all targets.
    pub(super) known: Vec<bool>,
}

impl Sequences {
    /// Reads the rows, as such or for a model.
    pub(super) fn rows(&self, own: Option<&Schema>, with_targets: bool) -> Result<Rows, DataError> {
        let mut table = match own {
            None => self.of.open()?,
            Some(own) => {
                // The sequence of a prediction tells what it is for, if the source knows texts.
                let known = own.ids.clone().map(|mut ids| {
                    if !ids.contains(&self.id) {
                        ids.push(self.id.clone());
                    }
                    ids
                });
                let wider = self.of.open_for(&Schema { ids: known, ..own.clone() });
                wider.or_else(|_| self.of.open_for(own))?
            }
        };
        table.check()?;
        let error = |message: &str| Err(DataError::new(&table.name, message));
        let vector = |field: &Field| !field.spec.shape.indices && !field.spec.shape.sequence;
        if table.inputs.is_empty() {
            let message = "expected an input at each step, beside the targets, found none; the next values of a \
                           series are foretold from those before by `windows`";
            return error(message);
        }
        if table.inputs.len() != 1 || !table.inputs.iter().all(vector) {
            return error(
                "sequences are made of rows of numbers and categories, found other inputs",
            );
        }
        if table.parts.is_some() {
            return error(
                "sequences cannot be made of rows that have parts already: put them into `train-test`",
            );
        }
        if table.targets.iter().any(|target| target.offsets.is_some()) {
            return error("sequences are made of rows, found sequences");
        }
        if !self.target.is_empty() && !table.targets.is_empty() {
            return error(
                "targets are either those of `of` or those that `target` names, found both",
            );
        }
        let rows = table.rows;
        if with_targets
            && !table.targets.is_empty()
            && table.source_rows.is_some_and(|all| all > rows)
        {
            let left_out = (0..rows).find(|&row| table.number(row) != row).unwrap_or(rows);
            let message = "expected a target in each row, found one without, which is left out: leave the \
                           target out of the table, so that it is an input there, and name it as the target of \
                           the sequences";
            return Err(DataError::new(&table.name, message).row(left_out));
        }
        let mut known = vec![true; rows];
        if with_targets && !self.target.is_empty() {
            self.take_targets(&mut table, &mut known)?;
        }
        if own.is_none() && table.targets.is_empty() {
            let message = "expected a target, found none: `target` says which column it is";
            return Err(DataError::new(&table.name, message));
        }
        Ok(Rows { table, known })
    }

    /// Makes targets of the inputs that are such.
    fn take_targets(&self, table: &mut Table, known: &mut [bool]) -> Result<(), DataError> {
        let Some(input) = table.inputs.first() else { return Ok(()) };
        let mut places = Vec::new();
        for name in &self.target {
            let mut names = (0..input.width()).map(|at| input.spec.feature_name(at));
            let Some(place) = names.position(|found| found == *name) else {
                let names: Vec<String> =
                    (0..input.width()).map(|at| input.spec.feature_name(at)).collect();
                let near = nearest(name, names.iter().map(String::as_str));
                let near = near.map_or(String::new(), |near| format!(" (did you mean {near:?}?)"));
                let message = format!(
                    "expected the target {name:?} among the inputs of `of`, found none{near}"
                );
                return Err(DataError::new(&table.name, message));
            };
            places.push(place);
        }
        for &place in &places {
            let mut values = Vec::with_capacity(table.rows);
            let column = input.features_at(&[place]);
            column.values.read(0..table.rows, &mut values);
            for (known, value) in known.iter_mut().zip(&mut values) {
                let level = input.spec.is_category(place);
                if value.is_nan() || level && *value < 0.0 {
                    (*known, *value) = (false, 0.0); // any number: the step counts nothing
                }
            }
            let name = input.spec.feature_name(place);
            let levels = input.spec.features.get(place).map_or_else(Vec::new, |f| f.levels.clone());
            table.targets.push(match levels.is_empty() {
                true => Field::numbers(name, column.spec.features, values),
                false => Field::classes(name, levels, values.iter().map(|&x| x as u32).collect()),
            });
        }
        let rest: Vec<usize> = (0..input.width()).filter(|place| !places.contains(place)).collect();
        let rest = input.features_at(&rest);
        if rest.width() == 0 {
            return Err(DataError::new(
                &table.name,
                "expected an input beside the targets, found none",
            ));
        }
        table.inputs = vec![rest];
        Ok(())
    }

    /// What a model of sequences needs of the rows.
    ///
    /// # Errors
    /// When the model is none of such sequences.
    pub(super) fn schema_of(&self, schema: &Schema) -> Result<Schema, DataError> {
        let [input] = schema.inputs.as_slice() else { return Err(self.other(schema)) };
        if !input.shape.sequence || input.shape.indices {
            return Err(self.other(schema));
        }
        let single = |spec: &FieldSpec| FieldSpec {
            shape: Shape { sequence: false, ..spec.shape },
            ..spec.clone()
        };
        let mut inputs = single(input);
        let mut targets: Vec<FieldSpec> = schema.targets.iter().map(single).collect();
        if !self.target.is_empty() {
            for target in std::mem::take(&mut targets) {
                let feature = match target.features.first() {
                    Some(feature) => feature.clone(),
                    None => Feature::category(&target.name, target.levels),
                };
                inputs.features.push(feature);
            }
            inputs.shape = inputs.shape.with_features(inputs.features.len());
        }
        Ok(Schema { inputs: vec![inputs], targets, ..schema.clone() })
    }

    fn other(&self, schema: &Schema) -> DataError {
        let inputs: Vec<&str> = schema.inputs.iter().map(|spec| spec.name.as_str()).collect();
        let message = format!(
            "the model expects the inputs [{}], which are no sequences of rows with the same {:?}",
            inputs.join(", "),
            self.id
        );
        DataError::new("sequences", message)
    }
}
