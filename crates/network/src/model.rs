//! `Model`: all that is needed to predict from raw rows.

pub(crate) mod atomic_file;
pub(crate) mod file;
pub(crate) mod parameters;
pub(crate) mod saved;
pub(crate) mod tensors;

use crate::predictor::plan::Plan;
use crate::predictor::{Buffers, PredictedRows};
use crate::{AssemblyError, Network, NetworkSpec, Parameters, Port, PortSpec};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tanren_plugin::{DataError, Schema, Table};
use tanren_tensor::{Real, ShapeError, Signal};

/// What a model is, apart from its numbers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSpec {
    /// The network with its losses.
    pub network: NetworkSpec,
    /// Its inputs.
    pub inputs: Vec<PortSpec>,
    /// Its targets.
    pub targets: Vec<PortSpec>,
}

impl ModelSpec {
    /// What data for this model must hold.
    #[must_use]
    pub fn schema(&self) -> Schema {
        let fields = |ports: &[PortSpec]| ports.iter().map(|port| port.field.clone()).collect();
        Schema { inputs: fields(&self.inputs), targets: fields(&self.targets), ..Schema::default() }
    }

    /// Assembles the network for the normalised ports.
    ///
    /// # Errors
    /// [`AssemblyError`] with every problem found.
    pub fn assemble(&self) -> Result<Network, AssemblyError> {
        let ports = |specs: &[PortSpec]| -> Result<Vec<Port>, AssemblyError> {
            specs.iter().map(PortSpec::port).collect()
        };
        Network::assemble(&self.network, &ports(&self.inputs)?, &ports(&self.targets)?)
    }
}

/// Predictions of one output: `features` numbers per column, row after row, step after step.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictions {
    /// Numbers per column.
    pub features: usize,
    /// All numbers. Sequences are not padded.
    pub values: Vec<f64>,
}

impl Predictions {
    /// No predictions yet, of `features` numbers per column.
    #[must_use]
    pub const fn new(features: usize) -> Self {
        Self { features, values: Vec::new() }
    }

    /// Appends the predictions of a batch of rows with so many steps each, and leaves the padding
    /// out.
    pub fn append<T: Real>(
        &mut self,
        batch: Signal<'_, T>,
        steps: impl ExactSizeIterator<Item = usize> + Clone,
    ) {
        self.append_segment(0, batch, steps);
    }

    /// Appends a segment of them, from step `first` on: those of the same rows, with so many steps each in
    /// all, follow each other.
    pub fn append_segment<T: Real>(
        &mut self,
        first: usize,
        segment: Signal<'_, T>,
        steps: impl ExactSizeIterator<Item = usize> + Clone,
    ) {
        let (rows, width) = (steps.len(), self.features);
        let here = segment.columns() / rows.max(1);
        let all = width * steps.clone().sum::<usize>();
        if first == 0 {
            self.values.resize(self.values.len() + all, 0.0);
        }
        let mut row = self.values.len() - all;
        for (n, steps) in steps.enumerate() {
            for t in first..steps.min(first + here) {
                let to = &mut self.values[row + t * width..][..width];
                let column = segment.column((t - first) * rows + n);
                to.iter_mut().zip(column).for_each(|(to, x)| *to = x.f64());
            }
            row += steps * width;
        }
    }
}

/// A trained network with its normalisers: predicts from raw rows, and is one file.
#[derive(Clone, Debug)]
pub struct Model {
    pub(crate) spec: ModelSpec,
    pub(crate) network: Network,
    pub(crate) parameters: Parameters,
    pub(crate) plan: Plan,
    /// Text kept beside the model, such as the recipe it was made by.
    pub notes: BTreeMap<String, String>,
}

impl Model {
    /// A model of `spec` with these parameters.
    ///
    /// # Errors
    /// When the specification does not fit together, or the parameters do not fit it.
    pub fn new(spec: ModelSpec, parameters: Parameters) -> Result<Self, AssemblyError> {
        let network = spec.assemble()?;
        let (expected, found) = (network.layout().len(), parameters.len());
        if expected != found {
            let error = ShapeError::new(format!("{expected} numbers"), found);
            return Err(AssemblyError { problems: vec![error.at("parameters")] });
        }
        Self::assembled(spec, network, parameters, BTreeMap::new())
    }

    /// A model of an assembled network.
    pub(crate) fn assembled(
        spec: ModelSpec,
        network: Network,
        parameters: Parameters,
        notes: BTreeMap<String, String>,
    ) -> Result<Self, AssemblyError> {
        let plan = Plan::new(&spec, &network)?;
        Ok(Self { spec, network, parameters, plan, notes })
    }

    /// What it is.
    #[must_use]
    pub const fn spec(&self) -> &ModelSpec {
        &self.spec
    }

    /// The assembled network.
    #[must_use]
    pub const fn network(&self) -> &Network {
        &self.network
    }

    /// The numbers.
    #[must_use]
    pub const fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Predicts `rows` of a raw table, one [`Predictions`] per output, as the loss's link gives
    /// them: probabilities for classes, numbers in the target's own units. Targets are not needed.
    ///
    /// A [`Predictor`](crate::Predictor) keeps its buffers from one call to the next, and takes rows
    /// that are in no table.
    ///
    /// # Errors
    /// When the table's inputs are not the model's, a row is beyond the table, or a target's
    /// normalisers have no way back.
    pub fn predict(&self, table: &Table, rows: &[usize]) -> Result<Vec<Predictions>, DataError> {
        Buffers::new(self).table(self, table, rows).map(PredictedRows::to_vec)
    }
}
