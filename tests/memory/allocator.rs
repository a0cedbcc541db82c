//! An allocator that knows how much is in use, how much was at most, and how often it was asked.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Mutex, MutexGuard, PoisonError};

static USED: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
static CALLS: AtomicUsize = AtomicUsize::new(0);
static ALONE: Mutex<()> = Mutex::new(());

#[global_allocator]
static COUNTING: Counting = Counting;

/// The allocator of the system, counting. Growing is a new allocation beside the old one, as it is
/// at worst.
struct Counting;

fn count(size: usize) {
    let used = USED.fetch_add(size, SeqCst) + size;
    PEAK.fetch_max(used, SeqCst);
    CALLS.fetch_add(1, SeqCst);
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

impl Alone {
    /// What a function gives, and the most bytes it had in use at once.
    pub(crate) fn peak<R>(&self, run: impl FnOnce() -> R) -> (R, usize) {
        let before = USED.load(SeqCst);
        PEAK.store(before, SeqCst);
        let result = run();
        (result, PEAK.load(SeqCst).saturating_sub(before))
    }
}

/// How often memory was asked for, on any thread.
pub(crate) fn calls() -> usize {
    CALLS.load(SeqCst)
}

#[test]
fn peaks_are_counted() {
    let (alone, before) = (alone(), calls());
    let (_, peak) = alone.peak(|| {
        drop(black_box(vec![1_u8; 3 << 20]));
        drop(black_box(vec![0_u8; 2 << 20]));
    });
    assert!((3 << 20..4 << 20).contains(&peak), "{peak}");
    assert!(calls() >= before + 2);
    let (_, peak) = alone.peak(|| {
        let mut grown = black_box(vec![1_u8; 1 << 20]);
        grown.reserve_exact(2 << 20);
        black_box(grown)
    });
    assert!((4 << 20..5 << 20).contains(&peak), "{peak}");
}
