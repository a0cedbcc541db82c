//! One phase of a run, from wherever its state stands.

use crate::awake::awake;
use crate::{
    EnergyTask, PhasePlan, RowBatches, Rows, Scored, Scoring, Segments, State, Supervised,
};
use crate::{TrainError, fit};
use tanren_network::{ModelSpec, Prepared};
use tanren_plugin::{Ending, Observer, Precision, Seed, Task};

/// From so many multiplications in all layers' products over a batch on, other threads are needed at
/// every step.
const AWAKE: usize = 1 << 20;

/// What a phase trains on.
pub(crate) struct Field<'a, T> {
    pub(crate) data: &'a Prepared<T>,
    pub(crate) rows: &'a Rows,
    pub(crate) spec: &'a ModelSpec,
    /// What the order of rows and all noise follow from.
    pub(crate) seed: Seed,
}

impl<T: Precision> Field<'_, T> {
    /// Runs a phase as [`fit`] does.
    pub(crate) fn run(
        &self,
        plan: &PhasePlan<'_>,
        state: &mut State<T>,
        observer: &mut dyn Observer,
        each_epoch: &mut dyn FnMut(&State<T>) -> Result<bool, TrainError>,
    ) -> Result<Ending, TrainError> {
        let Self { data, rows, spec, seed } = *self;
        let PhasePlan { path, training, node, network, .. } = plan;
        let batches = self.batches(plan);
        let start = node.map(|_| state.parameters.clone()).unwrap_or_default();
        let work = network.layout().len().saturating_mul(training.batch);
        let mut run = |task: &mut dyn Task<T>| match work < AWAKE {
            true => fit(training, task, state, observer, each_epoch),
            false => awake(|| fit(training, task, state, observer, each_epoch)),
        };
        match *node {
            None => {
                let scoring = Scoring::at(path, network, spec, &training.metrics)?;
                let scored = Scored { data, rows, scoring: &scoring };
                run(&mut Supervised::new(network, batches, seed).scored(scored))
            }
            Some(node) => {
                let task = EnergyTask::new(network, node, batches, seed, &start);
                run(&mut task.scored(data, rows))
            }
        }
    }

    /// The batches of a phase.
    pub(crate) fn batches(&self, plan: &PhasePlan<'_>) -> Segments<T, RowBatches<'_, T>> {
        let PhasePlan { training, phase, .. } = plan;
        let (place, rows) = ((self.seed, *phase), &self.rows.train);
        let whole = RowBatches::new(self.data, rows, training.batch, training.order, place);
        Segments::new(whole, self.data.longest(rows), training.truncation)
    }
}
