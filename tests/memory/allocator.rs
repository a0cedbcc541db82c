//! An allocator that knows how much is in use, how much was at most, how much was asked for, and how
//! often by the threads that train.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Mutex, MutexGuard, PoisonError};

static USED: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
static TOTAL: AtomicUsize = AtomicUsize::new(0);
static CALLS: AtomicUsize = AtomicUsize::new(0);
static ALONE: Mutex<()> = Mutex::new(());
thread_local!(static OWN: Cell<usize> = const { Cell::new(0) });

#[global_allocator]
static COUNTING: Counting = Counting;

/// The allocator of the system, counting. Growing is a new allocation beside the old one, as it is
/// at worst.
struct Counting;

fn count(size: usize) {
    let used = USED.fetch_add(size, SeqCst) + size;
    PEAK.fetch_max(used, SeqCst);
    TOTAL.fetch_add(size, SeqCst);
    // Runs train on the threads of a pool. What other threads allocate is not theirs: the test
    // harness, for one, prints something when a test takes longer than a minute.
    if rayon::current_thread_index().is_some() {
        CALLS.fetch_add(1, SeqCst);
    }
    // A thread that is just ending counts no more.
    let _ = OWN.try_with(|own| own.set(own.get() + 1));
}

// SAFETY: every call goes on to the system's allocator as it came, and counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `alloc`, which is the same there.
        let memory = unsafe { System.alloc(layout) };
        if !memory.is_null() {
            count(layout.size());
        }
        memory
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `alloc_zeroed`, which is the same there.
        let memory = unsafe { System.alloc_zeroed(layout) };
        if !memory.is_null() {
            count(layout.size());
        }
        memory
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: what is freed here was allocated above, with the same layout.
        unsafe { System.dealloc(memory, layout) };
        USED.fetch_sub(layout.size(), SeqCst);
    }
}

/// While it lives no other test of this binary runs, so that a peak is of one test.
pub(crate) struct Alone {
    _held: MutexGuard<'static, ()>,
}

/// Waits until no other test runs.
pub(crate) fn alone() -> Alone {
    // A test that failed has left nothing behind that could be wrong.
    Alone { _held: ALONE.lock().unwrap_or_else(PoisonError::into_inner) }
}

/// Bytes that something took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bytes {
    /// The most that were in use at once.
    pub(crate) peak: usize,
    /// All that were asked for, one after the other.
    pub(crate) total: usize,
}

impl Alone {
    /// What a function gives, and the bytes it took.
    pub(crate) fn measure<R>(&self, run: impl FnOnce() -> R) -> (R, Bytes) {
        let (used, total) = (USED.load(SeqCst), TOTAL.load(SeqCst));
        PEAK.store(used, SeqCst);
        let result = run();
        let peak = PEAK.load(SeqCst).saturating_sub(used);
        (result, Bytes { peak, total: TOTAL.load(SeqCst) - total })
    }
}

/// How often memory was asked for by threads of a pool.
pub(crate) fn calls() -> usize {
    CALLS.load(SeqCst)
}

/// How often this thread asked for memory.
pub(crate) fn own_calls() -> usize {
    OWN.with(Cell::get)
}
