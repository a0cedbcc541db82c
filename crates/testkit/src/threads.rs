//! The same work in thread pools of several sizes.

use crate::Failure;

/// The pool sizes whose results must agree to the bit.
pub(crate) const COUNTS: [usize; 4] = [1, 2, 3, 8];

/// Runs `work` in a pool of `threads` threads.
pub(crate) fn with<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> Result<R, Failure> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map(|pool| pool.install(work))
        .map_err(|error| Failure::new("thread-pool", error))
}
