//! `Streams`: a model that is given one step of a sequence after the other, and goes on from the state it is in.

use crate::predictor::names::Lookup;
use crate::predictor::rows::Rows;
use crate::predictor::worker::{Kit, Worker};
use crate::{Model, Parameters, PredictedRows, Value};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use tanren_plugin::{DataError, Precision};
use tanren_tensor::{Real, alone};

/// A model that predicts at every step of sequences that are not known yet: one or several streams at once,
/// each of which has a state of its own. Step by step it predicts, to the bit, what it would predict for the whole
/// sequences.
///
/// ```no_run
/// use tanren_network::{Model, Streams};
///
/// let mut streams = Streams::new(Model::load("model.safetensors")?, 2)?;
/// for step in [[0.1, 0.7], [0.3, 0.9]] {
///     // One number for each of two streams, of a model with one feature.
///     let predicted = streams.step(&step)?;
///     println!("{:?}", predicted.iter().map(|p| p.values().to_vec()).collect::<Vec<_>>());
/// }
/// let later = streams.state(); // can be stored
/// streams.reset(0);
/// streams.restore(&later)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Streams {
    model: Arc<Model>,
    count: usize,
    worker: AnyWorker,
    lookup: Lookup,
    values: Vec<f64>,
    places: Vec<(usize, usize)>,
}

/// A worker in the precision of the model.
enum AnyWorker {
    Single(Worker<f32>),
    Double(Worker<f64>),
}

/// What streams remember, to go on from it later. Singles are doubles without loss.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamState {
    /// How many streams.
    pub streams: usize,
    /// What each node of the network remembers, stream after stream; nothing for most.
    pub nodes: Vec<Vec<f64>>,
}

impl Streams {
    /// So many streams of this model, at their start.
    ///
    /// # Errors
    /// When the model must see whole sequences.
    pub fn new(model: impl Into<Arc<Model>>, count: usize) -> Result<Self, DataError> {
        let model = model.into();
        if let Some((node, why)) = model.network.whole_sequences()
            && model.plan.sequences
        {
            let message = format!("it cannot predict step by step; {node:?}: {why}");
            return Err(DataError::new("the model", message));
        }
        let worker = match &model.parameters {
            Parameters::Single(p) => AnyWorker::Single(started(&model, p, count)),
            Parameters::Double(p) => AnyWorker::Double(started(&model, p, count)),
        };
        let width = model.plan.len(1);
        let places = (0..count).map(|n| (1, n * width)).collect();
        let (lookup, values) = (Lookup::default(), vec![0.0; count * width]);
        Ok(Self { model, count, worker, lookup, values, places })
    }

    /// The model.
    #[must_use]
    pub const fn model(&self) -> &Arc<Model> {
        &self.model
    }

    /// How many streams.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// The names of the columns of a step, as in [`Predictor::columns`](crate::Predictor::columns).
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &str> {
        self.model.plan.names().iter()
    }

    /// Predicts the next step of every stream from its numbers, in the order of the model's features,
    /// stream after stream, as [`Predictor::rows`](crate::Predictor::rows) takes them.
    ///
    /// # Errors
    /// [`DataError`] when there are not as many numbers as features of all streams, or one is missing that
    /// no normaliser fills; then no stream has gone on. Also when the network gives no number.
    pub fn step(&mut self, numbers: &[f64]) -> Result<PredictedRows<'_>, DataError> {
        let (expected, width) = (self.model.plan.width * self.count, self.model.plan.width);
        if numbers.len() != expected {
            let (count, found) = (self.count, numbers.len());
            let message =
                format!("expected {width} numbers for each of {count} streams, found {found}");
            return Err(DataError::new("step to predict", message));
        }
        let rows = Rows::Numbers { numbers, width, first: 0 };
        let (model, values) = (&*self.model, self.values.as_mut_slice());
        alone(|| match (&mut self.worker, &model.parameters) {
            (AnyWorker::Single(worker), Parameters::Single(p)) => {
                worker.go_on(&kit(model, p), rows, values)
            }
            (AnyWorker::Double(worker), Parameters::Double(p)) => {
                worker.go_on(&kit(model, p), rows, values)
            }
            _ => Ok(()), // the worker was made for the parameters, which do not change
        })?;
        let (plan, places) = (&self.model.plan, self.places.as_slice());
        Ok(PredictedRows { plan, values: &self.values, places, rows: self.count })
    }

    /// Predicts the next step of a single stream from the value of each column, in any order, as
    /// [`Predictor::row`](crate::Predictor::row) does.
    ///
    /// # Errors
    /// As [`step`](Self::step), and with the name of a column that the model does not have, or that is missing.
    pub fn row(&mut self, values: &[(&str, Value<'_>)]) -> Result<PredictedRows<'_>, DataError> {
        self.model.plan.names().look_up(values, &mut self.lookup)?;
        let numbers = std::mem::take(&mut self.lookup.numbers);
        let predicted = self.step(&numbers).map(|_| ());
        self.lookup.numbers = numbers;
        predicted?;
        let (plan, places) = (&self.model.plan, self.places.as_slice());
        Ok(PredictedRows { plan, values: &self.values, places, rows: self.count })
    }

    /// Puts a stream back to its start.
    ///
    /// # Panics
    /// When there is no such stream.
    pub fn reset(&mut self, stream: usize) {
        assert!(stream < self.count, "stream {stream} of {}", self.count);
        match &mut self.worker {
            AnyWorker::Single(worker) => clear(worker.state_mut(), (stream, self.count)),
            AnyWorker::Double(worker) => clear(worker.state_mut(), (stream, self.count)),
        }
    }

    /// What all streams remember now.
    #[must_use]
    pub fn state(&self) -> StreamState {
        let nodes = match &self.worker {
            AnyWorker::Single(worker) => doubles(worker.state()),
            AnyWorker::Double(worker) => doubles(worker.state()),
        };
        StreamState { streams: self.count, nodes }
    }

    /// Goes on from what streams of this model remembered.
    ///
    /// # Errors
    /// When there were not as many of them, or they were of another model.
    pub fn restore(&mut self, state: &StreamState) -> Result<(), DataError> {
        let lengths = state.nodes.iter().map(Vec::len);
        let expected = self.model.network.nodes().iter().map(|node| node.carry * self.count);
        if state.streams != self.count || !lengths.eq(expected) {
            let (count, found) = (self.count, state.streams);
            let message = format!(
                "expected the state of {count} streams of this model, found another one, of {found}"
            );
            return Err(DataError::new("state of streams", message));
        }
        match &mut self.worker {
            AnyWorker::Single(worker) => set(worker.state_mut(), state),
            AnyWorker::Double(worker) => set(worker.state_mut(), state),
        }
        Ok(())
    }
}

fn kit<'a, T>(model: &'a Model, parameters: &'a [T]) -> Kit<'a, T> {
    Kit { network: &model.network, parameters, plan: &model.plan }
}

/// A worker at the start of so many sequences.
fn started<T: Precision>(model: &Model, parameters: &[T], count: usize) -> Worker<T> {
    let mut worker = Worker::new(&kit(model, parameters));
    worker.begin(&model.network, count);
    worker
}

fn clear<T: Real>(nodes: &mut [Vec<T>], (stream, count): (usize, usize)) {
    for node in nodes {
        let width = node.len() / count;
        node[stream * width..(stream + 1) * width].fill(T::ZERO);
    }
}

fn doubles<T: Real>(nodes: &[Vec<T>]) -> Vec<Vec<f64>> {
    nodes.iter().map(|node| node.iter().map(|x| x.f64()).collect()).collect()
}

fn set<T: Real>(nodes: &mut [Vec<T>], state: &StreamState) {
    for (node, from) in nodes.iter_mut().zip(&state.nodes) {
        node.iter_mut().zip(from).for_each(|(to, &x)| *to = T::of(x));
    }
}

impl fmt::Debug for Streams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spec = &self.model.spec;
        f.debug_struct("Streams")
            .field("count", &self.count)
            .field("model", spec)
            .finish_non_exhaustive()
    }
}
