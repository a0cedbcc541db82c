//! `Task`: what a phase of a run trains, batch by batch.

use crate::{Better, Clock, Event, Number, Objective, Seed, Wants, Watched};
use std::collections::BTreeMap;
use std::fmt;
use tanren_tensor::Real;

/// What a batch counts for: in the mean loss of an epoch and in the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Load {
    /// What the batch counts beside others in the mean loss of an epoch: of a network Σ w over the columns
    /// of its first loss (of the next one, where that has none that counts), of several workers the sum.
    /// Where it is 0, the batch makes no update: see [`Task::carry`].
    pub weight: f64,
    /// Samples that are seen for the first time in this epoch: 0 for the later segments of sequences.
    pub samples: u64,
}

/// What recurrent nodes carry from one batch to the next while batches are segments of sequences: node
/// by node, (carry size) × examples numbers. Part of a run's state.
pub type Carries<T> = Vec<Vec<T>>;

/// Why a task cannot go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskError(pub String);

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TaskError {}

/// What the training loop works on: it says what an epoch is made of, and it is the objective of the
/// batch that was loaded last.
///
/// Batches of a supervised network are a task, and so are the pretraining of one node and a function of
/// your own. A task that wraps another may average gradients over several workers: the loop knows
/// neither batches nor workers.
///
/// A task keeps no state that a checkpoint would miss: which batch is loaded follows from the clock, and
/// what passes from batch to batch are [`Carries`].
pub trait Task<T: Real>: Objective<T> {
    /// Batches in an epoch.
    fn batches(&self) -> usize;

    /// Makes batch `batch` of the clock's epoch the one that is evaluated from now on. It is asked again,
    /// with another clock, for every repeated update on the same batch. `carries` are what the last
    /// [`Task::commit`] left.
    ///
    /// # Errors
    /// When the batch cannot be evaluated.
    fn load(&mut self, clock: Clock, batch: usize, carries: &Carries<T>)
    -> Result<Load, TaskError>;

    /// What the noise of updaters is drawn from; [`Seed::default`] unless said. A task that wraps another
    /// has that one's seed.
    fn seed(&self) -> Seed {
        Seed::default()
    }

    /// What each part of the loss counts in the batch that was loaded last: the Σ w by which a mean over
    /// columns is divided. Nothing where the loss is no such sum.
    fn counts(&self) -> &[f64] {
        &[]
    }

    /// Until the next batch is loaded, divides the sums of [`Task::counts`] by these numbers instead.
    /// Where every worker divides by the mean of the counts of all of them, the mean of their losses,
    /// penalties and gradients is that of the joined batch. The next values of statistics, which stand in
    /// the gradient too, are averaged by [`Load::weight`] instead.
    ///
    /// # Panics
    /// When there are not as many as counts.
    fn divide_by(&mut self, _divisors: &[f64]) {}

    /// Called instead of an update on a batch that counts nothing, such as a segment without targets:
    /// what the next batch starts from follows from the parameters as they are.
    ///
    /// # Errors
    /// When there should not be such a batch.
    fn carry(&mut self, _parameters: &[T]) -> Result<(), TaskError> {
        Ok(())
    }

    /// Called when the loop is done with a batch, after its last update: `carries` become what the next
    /// batch starts from, as they were when [`Objective::keep`] was called last.
    fn commit(&mut self, _carries: &mut Carries<T>) {}

    /// Says what will be wanted of the next evaluation, where that takes work. A task that wraps another forwards
    /// the call.
    fn watch(&mut self, _wants: Wants) {}

    /// Shows what the last evaluation left to see, such as activations, as far as it is wanted.
    fn show(&self, _wants: Wants, _see: &mut dyn FnMut(&Event<'_>)) {}

    /// Makes statistics, such as those of batch norm, anew for parameters that are not those that are
    /// trained: as if batches went by without an update, from the initial value of those that are
    /// [fresh](crate::ParamSpec::fresh). The loaded batch need not be valid afterwards. Unless said, they
    /// stay. A task that wraps another forwards the call; where there are several workers, their statistics
    /// are averaged as their gradients are.
    ///
    /// # Errors
    /// When a batch cannot be evaluated.
    fn refresh(&mut self, _clock: Clock, _parameters: &mut [T]) -> Result<(), TaskError> {
        Ok(())
    }

    /// The scores that [`Task::score`] computes, by name, and which way each improves. The epoch to
    /// keep is chosen by one of them, and stopping rules look at them.
    fn scores(&self) -> BTreeMap<String, Better> {
        [("loss".to_owned(), Better::Lower)].into()
    }

    /// Scores of these parameters on the data that are trained on, or on those for validation, by name;
    /// empty where there are no such data. The loaded batch need not be valid afterwards.
    ///
    /// # Errors
    /// When they cannot be computed.
    fn score(
        &mut self,
        _rows: Watched,
        _parameters: &[T],
    ) -> Result<BTreeMap<String, Number>, TaskError> {
        Ok(BTreeMap::new())
    }
}
