//! Lanes side by side: as many at a time as there are threads.

use super::lane::{Judged, Lane};
use super::{SweepEvent, SweepWatch};
use crate::{TrainError, on_threads};
use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use tanren_plugin::Reason;

/// What has come of some lanes.
pub(super) struct Found {
    /// What each is worth, in order, unless they were ended.
    pub(super) judged: Vec<Judged>,
    pub(super) interrupted: Option<Reason>,
}

/// Trains lanes up to the same number of updates and judges them. Threads that are left over are shared
/// among them; none of this changes a bit of what each would come to alone.
pub(super) fn train(
    lanes: Vec<&mut (dyn Lane + '_)>,
    until: u64,
    threads: usize,
    watch: SweepWatch<'_>,
    judge: &(dyn Fn(&dyn Lane) -> Result<Judged, TrainError> + Sync),
) -> Result<Found, TrainError> {
    let threads = match threads {
        0 => thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let (count, workers) = (lanes.len(), threads.clamp(1, lanes.len().max(1)));
    let stopped: Mutex<Option<Reason>> = Mutex::new(None);
    let left = Mutex::new(lanes.into_iter().enumerate());
    let done = Mutex::new((0..count).map(|_| None).collect::<Vec<_>>());
    let tick = || {
        if let Some(reason) = &*lock(&stopped) {
            return ControlFlow::Break(reason.clone());
        }
        let flow = watch(&SweepEvent::Update);
        if let ControlFlow::Break(reason) = &flow {
            lock(&stopped).get_or_insert_with(|| reason.clone());
        }
        flow
    };
    let next = || lock(&left).next();
    let work = || {
        while let Some((k, lane)) = next() {
            let trained = lane.advance(until, &tick);
            let ended = lock(&stopped).is_some();
            let result = trained.and_then(|()| match ended {
                true => Ok(Judged::default()),
                false => judge(lane),
            });
            if result.is_err() || ended {
                lock(&left).by_ref().for_each(drop); // the others need not begin
            }
            lock(&done)[k] = Some(result);
        }
    };
    let pools = || (0..workers).map(|_| on_threads_of(threads / workers, &work));
    thread::scope(|scope| -> Result<(), TrainError> {
        let running: Vec<_> = pools().map(|pool| scope.spawn(pool)).collect();
        running.into_iter().try_for_each(|worker| match worker.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })?;
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    let judged = done.into_iter().flatten().collect::<Result<_, _>>()?;
    let interrupted = stopped.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Found { judged, interrupted })
}

/// Work on a pool of its own.
fn on_threads_of<'w>(
    threads: usize,
    work: &'w (dyn Fn() + Sync),
) -> impl FnOnce() -> Result<(), TrainError> + Send + 'w {
    move || on_threads(threads.max(1), work)
}

/// What a thread may leave behind when it panics is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
