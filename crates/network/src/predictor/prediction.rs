//! `Prediction` and `PredictedRows`: what a predictor gives, borrowed from its buffers.

use crate::Predictions;
use crate::predictor::plan::{Given, Plan};

/// What is predicted for one row, as a view of one output. [`output`](Self::output) is that of
/// another.
#[derive(Clone, Copy, Debug)]
pub struct Prediction<'a> {
    plan: &'a Plan,
    /// All outputs of the row, one after the other.
    row: &'a [f64],
    steps: usize,
    given: &'a Given,
    /// The output's part of the row.
    values: &'a [f64],
    unknown: &'a [usize],
}

impl<'a> Prediction<'a> {
    /// A row with so many steps, by its first output.
    pub(crate) fn new(
        plan: &'a Plan,
        row: &'a [f64],
        steps: usize,
        unknown: &'a [usize],
    ) -> Option<Self> {
        let given = plan.outputs.first()?;
        let values = row.get(..given.len(steps))?;
        Some(Self { plan, row, steps, given, values, unknown })
    }

    /// The outputs, in the order of the network's losses.
    pub fn outputs(self) -> impl Iterator<Item = Self> {
        let mut rest = self.row;
        self.plan.outputs.iter().map_while(move |given| {
            let (values, others) = rest.split_at_checked(given.len(self.steps))?;
            rest = others;
            Some(Self { given, values, ..self })
        })
    }

    /// The output that predicts the target of this name.
    #[must_use]
    pub fn output(self, target: &str) -> Option<Self> {
        self.outputs().find(|output| output.given.name == target)
    }

    /// The name of the target.
    #[must_use]
    pub fn name(self) -> &'a str {
        &self.given.name
    }

    /// The probability of each class, or numbers in the target's own units. For a sequence, those of
    /// one step after the other.
    #[must_use]
    pub const fn values(self) -> &'a [f64] {
        self.values
    }

    /// The number that is predicted; `None` where it is not one number.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        match *self.values {
            [value] if !self.given.is_class() => Some(value),
            _ => None,
        }
    }

    /// The probability of each class, in their order; `None` where the target is not a class, or for
    /// several steps. Where the network gives one number, it is the probability of the second class.
    pub fn probabilities(self) -> Option<impl ExactSizeIterator<Item = f64> + use<'a>> {
        let (values, features) = (self.values, self.given.features);
        let classes = (self.given.is_class() && values.len() == features).then_some(features)?;
        Some((0..classes.max(2)).map(move |k| match *values {
            [p] if k == 0 => 1.0 - p,
            [p] => p,
            _ => values[k],
        }))
    }

    /// The number of the most probable class: of several, the last. `None` where the target is not a
    /// class, or for several steps.
    #[must_use]
    pub fn class_index(self) -> Option<usize> {
        let most = self.probabilities()?.enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
        Some(most.0)
    }

    /// The name of the most probable class. `None` also where classes have no names.
    #[must_use]
    pub fn class(self) -> Option<&'a str> {
        let field = self.given.field.as_ref()?;
        field.levels.get(self.class_index()?).map(String::as_str)
    }

    /// The probability of the class of this name; `None` where there is no such class.
    #[must_use]
    pub fn probability(self, class: &str) -> Option<f64> {
        let levels = &self.given.field.as_ref()?.levels;
        self.probabilities()?.nth(levels.iter().position(|level| level == class)?)
    }

    /// The columns in which the row has a level that the model was not trained on, if it was given by
    /// [`Predictor::row`](crate::Predictor::row). Such a value is like none of the known levels.
    pub fn unknown_levels(self) -> impl ExactSizeIterator<Item = &'a str> {
        self.unknown.iter().map(move |&column| self.plan.names().name(column))
    }

    /// Steps of the row: 1 without sequences.
    #[must_use]
    pub const fn steps(self) -> usize {
        self.steps
    }

    /// What is predicted at step `t`; `None` beyond the last one.
    #[must_use]
    pub fn step(self, t: usize) -> Option<Self> {
        let features = self.given.features;
        let values = self.values.get(t * features..(t + 1) * features)?;
        Some(Self { values, ..self })
    }
}

/// What is predicted for many rows.
#[derive(Clone, Copy, Debug)]
pub struct PredictedRows<'a> {
    pub(crate) plan: &'a Plan,
    /// All outputs of a row, row after row.
    pub(crate) values: &'a [f64],
    /// For sequences, the steps of each row and where it begins.
    pub(crate) places: &'a [(usize, usize)],
    pub(crate) rows: usize,
}

impl<'a> PredictedRows<'a> {
    /// How many rows.
    #[must_use]
    pub const fn len(self) -> usize {
        self.rows
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.rows == 0
    }

    /// What is predicted for row `n` of those that were asked for; `None` beyond the last one.
    #[must_use]
    pub fn get(self, n: usize) -> Option<Prediction<'a>> {
        let (steps, start) = match self.plan.sequences {
            true => *self.places.get(n)?,
            false => (1, n * self.plan.len(1)),
        };
        let row = self.values.get(start..start + self.plan.len(steps))?;
        Prediction::new(self.plan, row, steps, &[])
    }

    /// The rows one after the other.
    pub fn iter(self) -> impl Iterator<Item = Prediction<'a>> {
        (0..self.rows).map_while(move |n| self.get(n))
    }

    /// All numbers of every output.
    #[must_use]
    pub fn to_vec(self) -> Vec<Predictions> {
        let outputs = &self.plan.outputs;
        let mut all: Vec<_> = outputs.iter().map(|o| Predictions::new(o.features)).collect();
        if let [only] = all.as_mut_slice() {
            only.values.extend_from_slice(self.values);
            return all;
        }
        for row in self.iter() {
            for (all, output) in all.iter_mut().zip(row.outputs()) {
                all.values.extend_from_slice(output.values);
            }
        }
        all
    }
}
