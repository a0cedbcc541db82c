//! `Predictor`: predicts rows one by one or many at a time, in buffers that it keeps.

mod crew;
pub(crate) mod names;
mod number;
pub(crate) mod plan;
mod prediction;
pub(crate) mod rows;
mod value;
pub(crate) mod worker;

pub use prediction::{PredictedRows, Prediction};
pub use value::Value;

use crate::{Model, ModelError};
use crew::Crew;
use names::Lookup;
use rows::Rows;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use tanren_plugin::{DataError, Table};

/// A model with everything it needs to predict: it predicts rows that are given by name, as numbers or
/// as a table, and allocates nothing once it has predicted as many rows at a time.
///
/// A predictor belongs to one thread. Several share their model:
///
/// ```
/// # use tanren_network::{Model, ModelError, Predictor};
/// # fn doc(path: &str) -> Result<(), ModelError> {
/// use std::sync::Arc;
///
/// let model = Arc::new(Model::load(path)?);
/// let mine = Predictor::new(Arc::clone(&model));
/// let yours = Predictor::new(model);
/// # drop((mine, yours));
/// # Ok(())
/// # }
/// ```
///
/// Few rows are predicted on the thread that calls; many are shared with the threads of its rayon pool.
/// Inside a pool ([`rayon::ThreadPool::install`]) a few dozen rows are shared, too; from outside, where
/// two threads must wake first, only hundreds are, and rayon's own queue allocates now and then. Neither
/// that nor the rows beside it changes a bit of a prediction.
pub struct Predictor {
    model: Arc<Model>,
    buffers: Buffers,
    lookup: Lookup,
}

/// What a predictor keeps from call to call.
#[derive(Debug)]
pub(crate) struct Buffers {
    crew: Crew,
    values: Vec<f64>,
    places: Vec<(usize, usize)>,
}

impl Buffers {
    pub(crate) const fn new(model: &Model) -> Self {
        Self { crew: Crew::new(model), values: Vec::new(), places: Vec::new() }
    }

    /// Predicts rows of a model, always the same one.
    pub(crate) fn predict<'a>(
        &'a mut self,
        model: &'a Model,
        rows: Rows<'_>,
    ) -> Result<PredictedRows<'a>, DataError> {
        let plan = &model.plan;
        self.places.clear();
        if plan.sequences {
            let mut start = 0;
            for steps in (0..rows.len()).map(|n| rows.steps(n)) {
                self.places.push((steps, start));
                start += plan.len(steps);
            }
        }
        self.values.resize(rows.predicted(plan), 0.0);
        self.crew.predict(model, rows, &mut self.values)?;
        let (values, places) = (&self.values, &self.places);
        Ok(PredictedRows { plan, values, places, rows: rows.len() })
    }

    /// Predicts rows of a table.
    pub(crate) fn table<'a>(
        &'a mut self,
        model: &'a Model,
        table: &Table,
        rows: &[usize],
    ) -> Result<PredictedRows<'a>, DataError> {
        let rows = Rows::of_table(&model.plan, table, rows)?;
        self.predict(model, rows)
    }
}

impl Predictor {
    /// A predictor of this model: `Predictor::new(model)`, or of a shared one,
    /// `Predictor::new(Arc::clone(&model))`.
    #[must_use]
    pub fn new(model: impl Into<Arc<Model>>) -> Self {
        let model = model.into();
        Self { buffers: Buffers::new(&model), lookup: Lookup::default(), model }
    }

    /// A predictor of a model file.
    ///
    /// # Errors
    /// As [`Model::load`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ModelError> {
        Model::load(path).map(Self::new)
    }

    /// The model.
    #[must_use]
    pub const fn model(&self) -> &Arc<Model> {
        &self.model
    }

    /// The names of the columns, in the order in which [`numbers`](Self::numbers) takes their numbers: one
    /// of each, unless the model was trained on several that were made of one column, such as parts of a
    /// date. Columns without names are called by their positions, from 0 on.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &str> {
        self.model.plan.names().iter()
    }

    /// Predicts one row from the value of each column, in any order.
    ///
    /// A level that the model does not know is predicted like none of the levels it knows, and is one of
    /// [`Prediction::unknown_levels`]. In a column of numbers or dates, a text is read as in the training
    /// data; an empty one is a missing value.
    ///
    /// ```
    /// # use tanren_network::{Predictor, Value};
    /// # fn doc(mut predictor: Predictor) -> Result<(), tanren_plugin::DataError> {
    /// let row = predictor.row(&[("age", 41.into()), ("city", "Paris".into())])?;
    /// println!("{:?}: {:?}", row.class(), row.probability("yes"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`DataError`] with the name of a column that the model does not have, or that is missing (a
    /// missing value is [`Value::Missing`]), and whatever [`numbers`](Self::numbers) says.
    pub fn row(&mut self, values: &[(&str, Value<'_>)]) -> Result<Prediction<'_>, DataError> {
        self.model.plan.names().look_up(values, &mut self.lookup)?;
        let Self { model, buffers, lookup } = self;
        one(model, buffers, &lookup.numbers, &lookup.unknown)
    }

    /// Predicts one row from its numbers, in the order of the model's features: for a category the
    /// place of its level, NaN for what is missing and [`UNKNOWN`](tanren_plugin::UNKNOWN) for a level
    /// that is not known.
    ///
    /// # Errors
    /// [`DataError`] when there are not as many numbers as features, when a value is missing that no
    /// normaliser fills, when the network gives no number, or when the model takes sequences.
    pub fn numbers(&mut self, row: &[f64]) -> Result<Prediction<'_>, DataError> {
        one(&self.model, &mut self.buffers, row, &[])
    }

    /// Predicts many rows from their numbers, one row after the other, each as for
    /// [`numbers`](Self::numbers).
    ///
    /// # Errors
    /// As there, with the number of the row.
    pub fn rows(&mut self, rows: &[f64]) -> Result<PredictedRows<'_>, DataError> {
        let rows = Rows::of_numbers(&self.model.plan, rows)?;
        self.buffers.predict(&self.model, rows)
    }

    /// Predicts `rows` of a raw table, as [`Model::predict`] does. A table is read and predicted chunk
    /// by chunk by calling this again and again: only a larger chunk needs larger buffers.
    ///
    /// # Errors
    /// As there.
    pub fn table(&mut self, table: &Table, rows: &[usize]) -> Result<PredictedRows<'_>, DataError> {
        self.buffers.table(&self.model, table, rows)
    }
}

/// Predicts one row.
fn one<'a>(
    model: &'a Model,
    buffers: &'a mut Buffers,
    numbers: &[f64],
    unknown: &'a [usize],
) -> Result<Prediction<'a>, DataError> {
    let (expected, found) = (model.plan.width, numbers.len());
    if expected != found {
        let message = format!("expected {expected} numbers, found {found}");
        return Err(DataError::new("row to predict", message));
    }
    let rows = Rows::of_numbers(&model.plan, numbers)?;
    let predicted = buffers.predict(model, rows)?;
    let prediction = Prediction::new(predicted.plan, predicted.values, 1, unknown);
    prediction.ok_or_else(|| DataError::new("row to predict", "the network predicts nothing"))
}

/// Another predictor of the same model.
impl Clone for Predictor {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.model))
    }
}

impl fmt::Debug for Predictor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Predictor").field("model", &self.model.spec).finish_non_exhaustive()
    }
}
