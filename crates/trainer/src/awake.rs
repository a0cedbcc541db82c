//! Keeps the threads of a pool awake while they are needed every few microseconds.
//!
//! A thread without work soon goes to sleep, and waking it takes as long as a small product. A step
//! has work for all of them again and again, with short pauses; so they look for it all the time.

use rayon::Yield;
use std::hint::spin_loop;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Pauses of a thread between two looks.
const PAUSES: usize = 4;
/// Looks after which it lets others have the processor.
const PATIENCE: usize = 64;

/// Sets a flag when it goes, even in a panic.
struct Raise<'a>(&'a AtomicBool);

impl Drop for Raise<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Runs `work` on this thread of a pool that does nothing else, the other threads waiting awake for
/// what it has for them.
pub(crate) fn awake<R>(work: impl FnOnce() -> R) -> R {
    let others = rayon::current_num_threads() - 1;
    let here = rayon::current_thread_index();
    if others == 0 || here.is_none() {
        return work();
    }
    let (waiting, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    rayon::in_place_scope(|scope| {
        scope.spawn_broadcast(|_, context| {
            if Some(context.index()) != here {
                waiting.fetch_add(1, Ordering::Release);
                wait(&done);
            }
        });
        // All must wait before there is work: whoever began to wait within some of it would never
        // end it.
        while waiting.load(Ordering::Acquire) < others {
            std::thread::yield_now();
        }
        let _done = Raise(&done);
        work()
    })
}

/// Does what there is to do, until all is done.
fn wait(done: &AtomicBool) {
    let mut looks = 0;
    while !done.load(Ordering::Acquire) {
        if rayon::yield_now() == Some(Yield::Executed) {
            looks = 0;
            continue;
        }
        looks += 1;
        if looks % PATIENCE == 0 {
            std::thread::yield_now();
        }
        (0..PAUSES).for_each(|_| spin_loop());
    }
}
