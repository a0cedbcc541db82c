//! `Crew`: the workers of a predictor, and how rows are shared among them.

use crate::predictor::plan::Plan;
use crate::predictor::rows::Rows;
use crate::predictor::worker::{Kit, Worker};
use crate::{Model, Parameters};
use std::sync::{Mutex, PoisonError};
use tanren_plugin::{DataError, Precision};
use tanren_tensor::{Cut, alone, share, worth_sharing};

/// Rows that are predicted at a time, at most: their signals stay in the caches.
const CHUNK: usize = 128;
/// Parts of many rows are a multiple of so many, the columns of a tile of the matrix product, …
const TILE: usize = 8;
/// … and no smaller than this: fewer columns do not make good use of weights that are read.
const LEAST: usize = 16;
/// Multiplications that take as long as moving one number: see [`worth_sharing`].
const MULTIPLICATIONS: usize = 64;
/// Multiplications from which on few rows, too, are worth waking threads for: then each layer is shared.
const MANY: usize = 1 << 24;

/// Workers in the precision of the model: as many as have been at work at once.
#[derive(Debug)]
pub(crate) enum Crew {
    Single(Mutex<Vec<Worker<f32>>>),
    Double(Mutex<Vec<Worker<f64>>>),
}

impl Crew {
    /// Nobody yet.
    pub(crate) const fn new(model: &Model) -> Self {
        match model.parameters {
            Parameters::Single(_) => Self::Single(Mutex::new(Vec::new())),
            Parameters::Double(_) => Self::Double(Mutex::new(Vec::new())),
        }
    }

    /// Predicts rows into `out`, as [`Worker::predict`] does.
    ///
    /// # Errors
    /// As there; that of the first of several rows.
    pub(crate) fn predict(
        &self,
        model: &Model,
        rows: Rows<'_>,
        out: &mut [f64],
    ) -> Result<(), DataError> {
        match (self, &model.parameters) {
            (Self::Single(workers), Parameters::Single(p)) => {
                predict(workers, &kit(model, p), rows, out)
            }
            (Self::Double(workers), Parameters::Double(p)) => {
                predict(workers, &kit(model, p), rows, out)
            }
            // A crew is that of one model, whose parameters do not change.
            _ => Ok(()),
        }
    }
}

fn kit<'a, T>(model: &'a Model, parameters: &'a [T]) -> Kit<'a, T> {
    Kit { network: &model.network, parameters, plan: &model.plan }
}

/// A piece of work: rows, the number of the first, and where its predictions go.
type Piece<'a> = (Rows<'a>, usize, &'a mut [f64]);

fn predict<T: Precision>(
    workers: &Mutex<Vec<Worker<T>>>,
    kit: &Kit<'_, T>,
    rows: Rows<'_>,
    out: &mut [f64],
) -> Result<(), DataError> {
    // A thread that panicked has taken its worker with it.
    let lock = || workers.lock().unwrap_or_else(PoisonError::into_inner);
    let failed = Mutex::new(None);
    let work = |(rows, first, out): Piece<'_>| {
        let worker = lock().pop();
        let mut worker = worker.unwrap_or_else(|| Worker::new(kit));
        let result = worker.predict(kit, rows, out);
        lock().push(worker);
        if let Err(error) = result {
            let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
            if failed.as_ref().is_none_or(|(other, _)| *other > first) {
                *failed = Some((first, error));
            }
        }
    };
    let multiplications = rows.len().saturating_mul(kit.parameters.len());
    let worth = worth_sharing(multiplications / MULTIPLICATIONS);
    // The threads of a pool help each other at once. Whoever comes from outside waits until two of them
    // have woken, so that it pays for more rows only. A row's prediction is the same in any part.
    let most = match worth && rayon::current_thread_index().is_some() {
        true => (rows.len() / 2).next_multiple_of(TILE).clamp(LEAST, CHUNK),
        false => CHUNK,
    };
    let cut = |piece| halves(kit.plan, most, piece);
    let (few, all) = (rows.len() <= most, (rows, 0, out));
    if few && multiplications >= MANY {
        rayon::scope(|_| work(all));
    } else if few || !worth {
        alone(|| share(all, &cut, &work));
    } else {
        share(all, &cut, &|piece| alone(|| work(piece)));
    }
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.map_or(Ok(()), |(_, error)| Err(error))
}

/// Two halves of a piece of more than `most` rows.
fn halves<'a>(plan: &Plan, most: usize, (rows, first, out): Piece<'a>) -> Cut<Piece<'a>> {
    if rows.len() <= most {
        return Cut::One((rows, first, out));
    }
    let half = (rows.len() / 2).next_multiple_of(TILE);
    let (rows, others) = rows.split_at(half);
    let (out, rest) = out.split_at_mut(rows.predicted(plan));
    Cut::Two((rows, first, out), (others, first + half, rest))
}
