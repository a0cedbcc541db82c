//! Cross-validation: how good a recipe is, by training it anew in every fold of the data.

use crate::{Options, Setup, TrainError, Trained};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

/// A recipe trained in every fold, each time on the other rows.
///
/// R. Kohavi, *A study of cross-validation and bootstrap for accuracy estimation and model selection*
/// (1995).
#[derive(Clone, Debug)]
pub struct CrossValidation {
    /// What came of each fold, in order. The rows of the fold are its test rows.
    pub folds: Vec<Trained>,
}

/// The score of one name over the folds.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// Its name.
    pub name: String,
    /// Fold by fold; NaN where it is not defined on the rows of a fold.
    pub scores: Vec<f64>,
    /// The mean of those that are defined; NaN if none is.
    pub mean: f64,
    /// Their standard deviation, with n − 1 in the denominator; NaN for fewer than two.
    pub deviation: f64,
    /// The mean score of the [trivial](crate::Trivial) prediction, likewise.
    pub trivial: f64,
}

impl CrossValidation {
    /// The scores on the test rows of the folds, in the order they are shown.
    #[must_use]
    pub fn spreads(&self) -> Vec<Spread> {
        let of = |scores: &dyn Fn(&Trained) -> Option<f64>| -> Vec<f64> {
            self.folds.iter().map(|fold| scores(fold).unwrap_or(f64::NAN)).collect()
        };
        let first = self.folds.iter().find_map(|fold| fold.test.as_ref());
        let names = first.into_iter().flat_map(|scores| scores.iter()).map(|(name, _)| name);
        names
            .map(|name| {
                let scores = of(&|fold| fold.test.as_ref()?.get(name));
                let trivial = of(&|fold| fold.baseline.test.as_ref()?.get(name));
                let (mean, deviation) = moments(&scores);
                let name = name.to_owned();
                Spread { name, scores, mean, deviation, trivial: moments(&trivial).0 }
            })
            .collect()
    }

    /// How many epochs a model of all rows should train for, since it has no validation rows to tell when
    /// to stop: the median of the best epochs, of an even number the upper one. At least 1.
    #[must_use]
    pub fn epochs(&self) -> u64 {
        let mut epochs: Vec<u64> = self.folds.iter().map(|fold| fold.best_epoch).collect();
        epochs.sort_unstable();
        epochs.get(epochs.len() / 2).copied().unwrap_or_default().max(1)
    }
}

/// Mean and standard deviation of the numbers among these.
fn moments(all: &[f64]) -> (f64, f64) {
    let defined = || all.iter().filter(|x| !x.is_nan());
    let n = defined().count() as f64;
    let mean = defined().sum::<f64>() / n;
    let squares: f64 = defined().map(|x| (x - mean).powi(2)).sum();
    (mean, if n > 1.0 { (squares / (n - 1.0)).sqrt() } else { f64::NAN })
}

impl Setup {
    /// Trains the recipe anew in each of `folds` folds of the data, as [`Setup::each_fold`] does, on as many
    /// threads as `options` say. Folds have no checkpoints.
    ///
    /// # Errors
    /// As [`Setup::each_fold`].
    pub fn cross_validate(
        &self,
        folds: usize,
        options: &Options,
    ) -> Result<CrossValidation, TrainError> {
        let train = |_: usize, fold: &Self, options: &Options| fold.train(&mut (), options);
        Ok(CrossValidation { folds: self.each_fold(folds, options.threads, &train)? })
    }

    /// Prepares the data for each of `folds` folds anew and hands them to `train`, with the number of the
    /// fold from 0 and the options to train it with; several at a time, as far as there are threads.
    ///
    /// The recipe's split makes the folds. Each fits its own normalisers on its own training rows, and all
    /// have the seed of the recipe. The number of threads never changes a bit of the result. No more data
    /// of folds are in memory at a time than there are threads.
    ///
    /// # Errors
    /// When the data cannot be divided into so many folds, and the first failure of a fold.
    pub fn each_fold<R: Send>(
        &self,
        folds: usize,
        threads: usize,
        train: &(dyn Fn(usize, &Self, &Options) -> Result<R, TrainError> + Sync),
    ) -> Result<Vec<R>, TrainError> {
        let turns = self.folds(folds)?;
        let threads = match threads {
            0 => thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        let (workers, count) = (threads.clamp(1, turns.len().max(1)), turns.len());
        let options = Options { threads: threads / workers, ..Options::default() };
        let left = Mutex::new(turns.into_iter().enumerate());
        let done = Mutex::new((0..count).map(|_| None).collect::<Vec<_>>());
        let next = || lock(&left).next();
        let work = || {
            while let Some((k, fold)) = next() {
                let result = self.in_fold(fold).and_then(|setup| train(k, &setup, &options));
                if result.is_err() {
                    lock(&left).by_ref().for_each(drop); // the others need not begin
                }
                lock(&done)[k] = Some(result);
            }
        };
        thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
        let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.into_iter().flatten().collect()
    }
}

/// What a thread may leave behind when it panics is whole: an iterator, or results.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
