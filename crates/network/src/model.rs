//! `Model`: all that is needed to predict from raw rows.

pub(crate) mod file;
pub(crate) mod parameters;
pub(crate) mod saved;

use crate::{
    AssemblyError, Gather, Network, NetworkSpec, Parameters, Port, PortSpec, Prepared, Runner,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tanren_plugin::{DataError, Precision, Schema, Table};
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
        Schema { inputs: fields(&self.inputs), targets: fields(&self.targets) }
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
        steps: impl ExactSizeIterator<Item = usize>,
    ) {
        let rows = steps.len();
        for (n, steps) in steps.enumerate() {
            for t in 0..steps {
                self.values.extend(batch.column(t * rows + n).iter().map(|x| x.f64()));
            }
        }
    }
}

/// A trained network with its normalisers: predicts from raw rows, and is one file.
#[derive(Clone, Debug)]
pub struct Model {
    pub(crate) spec: ModelSpec,
    pub(crate) network: Network,
    pub(crate) parameters: Parameters,
    /// Text kept beside the model, such as the recipe it was made by.
    pub notes: BTreeMap<String, String>,
}

/// Rows predicted at a time.
const CHUNK: usize = 256;

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
        Ok(Self { spec, network, parameters, notes: BTreeMap::new() })
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
    /// # Errors
    /// When the table's inputs are not the model's, a row is beyond the table, or a target's
    /// normalisers have no way back.
    pub fn predict(&self, table: &Table, rows: &[usize]) -> Result<Vec<Predictions>, DataError> {
        match self.parameters {
            Parameters::Single(ref p) => self.predict_in(p, table, rows),
            Parameters::Double(ref p) => self.predict_in(p, table, rows),
        }
    }

    fn predict_in<T: Precision>(
        &self,
        parameters: &[T],
        table: &Table,
        rows: &[usize],
    ) -> Result<Vec<Predictions>, DataError> {
        if let Some(&row) = rows.iter().find(|&&row| row >= table.rows) {
            let message = format!("expected a row below {}, found {row}", table.rows);
            return Err(DataError::new(&table.name, message));
        }
        let data = Prepared::<T>::new(table, &self.spec.inputs, &[])?;
        data.check_finite(table, rows)?;
        let mut predictions = predict(&self.network, parameters, &data, rows);
        for (predictions, port) in predictions.iter_mut().zip(&self.spec.targets) {
            own_units(predictions, port).ok_or_else(|| {
                let message = "its normalizers cannot be inverted to the units of the data";
                DataError::new(&table.name, message).column(&port.field.name)
            })?;
            if predictions.values.iter().any(|x| !x.is_finite()) {
                let message =
                    "the model predicts NaN or infinite values: did its training diverge?";
                return Err(DataError::new(&table.name, message).column(&port.field.name));
            }
        }
        Ok(predictions)
    }
}

/// Takes predictions of numbers back to the units their target came in. Probabilities of classes
/// and predictions of another width, such as a mean with its spread, stay as they are.
fn own_units(predictions: &mut Predictions, port: &PortSpec) -> Option<()> {
    let steps = port.steps().ok()?;
    let width = steps.output().shape.features;
    if port.field.shape.indices || port.normalizers.is_empty() || predictions.features != width {
        return Some(());
    }
    predictions.values = steps.own_units(&predictions.values, width)?;
    predictions.features = port.field.shape.features;
    Some(())
}

/// Predicts `rows` of prepared data, a chunk at a time.
pub fn predict<T: Precision>(
    network: &Network,
    parameters: &[T],
    data: &Prepared<T>,
    rows: &[usize],
) -> Vec<Predictions> {
    let (mut runner, mut gather) = (Runner::new(network), Gather::default());
    let outputs = network.outputs().iter();
    let mut all: Vec<_> = outputs.map(|output| Predictions::new(output.predictions)).collect();
    for chunk in rows.chunks(CHUNK) {
        let batch = gather.batch(data, chunk);
        runner.predict(network, parameters, &batch, &mut |k, output, signal| {
            let steps = chunk.iter().map(|&row| network.columns(output, data, row));
            all[k].append(signal, steps);
        });
    }
    all
}
