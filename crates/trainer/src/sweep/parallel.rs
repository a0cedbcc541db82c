//! Lanes side by side: as many at a time as there are threads.
//!
//! Where lanes cannot be dealt out evenly, each is trained in as many pieces as there are threads, one piece
//! of every lane after the other: three lanes keep two threads busy to the end. A lane does not feel where it
//! is cut.
//!
//! Threads are kept from rung to rung: a new one may wait for a processor longer than a short rung takes.

use super::lane::{Judged, Lane};
use super::{SweepEvent, SweepWatch};
use crate::TrainError;
use crate::train::pool;
use rayon::ThreadPool;
use std::collections::VecDeque;
use std::ops::{ControlFlow, Range};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use tanren_plugin::Reason;

/// What has come of some lanes.
pub(super) struct Found {
    /// What each is worth, in order, unless they were ended.
    pub(super) judged: Vec<Judged>,
    pub(super) interrupted: Option<Reason>,
}

/// The threads of a sweep.
#[derive(Debug)]
pub(super) struct Workers {
    threads: usize,
    /// Each trains one lane at a time.
    pools: Vec<ThreadPool>,
}

impl Workers {
    /// So many threads in all; 0 for as many as the machine has.
    pub(super) fn new(threads: usize) -> Self {
        let threads = match threads {
            0 => thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        Self { threads, pools: Vec::new() }
    }

    /// One pool for each of so many lanes, or fewer of one thread each; the threads are shared among them.
    fn pools(&mut self, lanes: usize) -> Result<&[ThreadPool], TrainError> {
        let count = self.threads.clamp(1, lanes.max(1));
        if self.pools.len() != count {
            self.pools.clear();
            let each = (self.threads / count).max(1);
            self.pools = (0..count).map(|_| pool(each)).collect::<Result<_, _>>()?;
        }
        Ok(&self.pools)
    }
}

/// A lane that waits, and how many pieces of it are left to be trained.
struct Waiting<'w, 'a> {
    place: usize,
    pieces: u64,
    lane: &'w mut (dyn Lane + 'a),
}

/// Trains lanes from the first to the last of these numbers of updates and judges them. How many threads
/// there are does not change a bit of what each lane would come to alone.
pub(super) fn train(
    lanes: Vec<&mut (dyn Lane + '_)>,
    updates: Range<u64>,
    workers: &mut Workers,
    watch: SweepWatch<'_>,
    judge: &(dyn Fn(&dyn Lane) -> Result<Judged, TrainError> + Sync),
) -> Result<Found, TrainError> {
    let (count, pools) = (lanes.len(), workers.pools(lanes.len())?);
    let stopped: Mutex<Option<Reason>> = Mutex::new(None);
    let pieces = if count.is_multiple_of(pools.len()) { 1 } else { pools.len() as u64 };
    let waiting = lanes.into_iter().enumerate();
    let waiting = waiting.map(|(place, lane)| Waiting { place, pieces, lane });
    let waiting = Mutex::new(waiting.collect::<VecDeque<_>>());
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
    let next = || lock(&waiting).pop_front();
    let work = || {
        while let Some(Waiting { place, pieces: left, lane }) = next() {
            let rest = (updates.end - updates.start).saturating_mul(left - 1) / pieces;
            let trained = lane.advance(updates.end - rest, &tick);
            let ended = lock(&stopped).is_some();
            if left > 1 && trained.is_ok() && !ended {
                lock(&waiting).push_back(Waiting { place, pieces: left - 1, lane });
                continue;
            }
            let result = trained.and_then(|()| match ended {
                true => Ok(Judged::default()),
                false => judge(lane),
            });
            if result.is_err() || ended {
                lock(&waiting).clear(); // the others need not go on
            }
            lock(&done)[place] = Some(result);
        }
    };
    on_each(pools, &work);
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    let judged = done.into_iter().flatten().collect::<Result<_, _>>()?;
    let interrupted = stopped.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Found { judged, interrupted })
}

/// Does the same on each of these pools, and waits for all.
fn on_each(pools: &[ThreadPool], work: &(dyn Fn() + Sync)) {
    if let Some((pool, others)) = pools.split_first() {
        pool.in_place_scope(|scope| {
            scope.spawn(|_| work());
            on_each(others, work);
        });
    }
}

/// What a thread may leave behind when it panics is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
