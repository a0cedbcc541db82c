//! Reading data for a network that goes on from a model: the columns that it takes, as it takes them.

use super::inputs::same_inputs;
use super::taken::open;
use crate::{Recipe, TrainError, checkpoint};
use std::path::Path;
use tanren_network::PortSpec;
use tanren_plugin::{DataError, Schema, Source, Table};

/// A table that a source has opened, with its inputs as a model takes them: the columns of the model in
/// its order, with its levels, whatever else the data have and whatever is constant in them. Targets and
/// rows stay.
///
/// # Errors
/// As [`Source::open_for`]: a column of the model that is missing.
pub fn read_as(source: &dyn Source, model: &[PortSpec], table: Table) -> Result<Table, DataError> {
    if same_inputs(model, &table.inputs).is_ok() {
        return Ok(table);
    }
    let inputs = model.iter().map(|port| port.field.clone()).collect();
    let targets = table.targets.iter().map(|field| field.spec.clone()).collect();
    let again = source.open_for(&Schema { inputs, targets, ..Schema::default() })?;
    Ok(match (again.rows, &again.numbers) == (table.rows, &table.numbers) {
        true => Table { inputs: again.inputs, notes: again.notes, ..table },
        false => table, // its inputs are refused where they are put to use
    })
}

impl Recipe {
    /// Opens the data from `source`, the recipe's own or the same one elsewhere: with the columns of the
    /// model whose normalisers the run takes, if it takes any. A run that goes on finds these in its
    /// checkpoint.
    ///
    /// # Errors
    /// [`TrainError`] when the data, the model or the checkpoint cannot be read.
    pub fn open(
        &self,
        source: &dyn Source,
        checkpoint: Option<&Path>,
    ) -> Result<Table, TrainError> {
        let table = source.open()?;
        let mut giving = self.start.iter().enumerate().filter(|(_, spec)| spec.normalizers);
        let inputs = match (giving.next(), checkpoint) {
            (None, _) => None,
            (Some(_), Some(path)) => checkpoint::begun(path)?.record.inputs,
            // What is wrong with the model is said where it is put to use.
            (Some(start), None) => open(start)?.model().and_then(Result::ok).map(|m| m.inputs),
        };
        Ok(match inputs {
            Some(inputs) => read_as(source, &inputs, table)?,
            None => table,
        })
    }
}
