//! Keeps the threads of a pool awake while they are needed every few microseconds.
//!
//! A thread without work soon goes to sleep, and waking it takes as long as a small product. A step
//! has work for all of them again and again, with short pauses; so they look for it all the time, and
//! less often when there has been none for a while.

use rayon::Yield;
use std::hint::spin_loop;
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{available_parallelism, sleep};
use std::time::{Duration, Instant};

/// Pauses of a thread between two looks.
const PAUSES: usize = 4;
/// Looks after which it lets others have the processor.
const PATIENCE: usize = 64;
/// Without work for so long, a thread …
const LONG: Duration = Duration::from_millis(1);
/// … sleeps for so long between two looks: a file is written, or whoever watches waits for something.
const NAP: Duration = Duration::from_micros(50);

/// Sets a flag when it goes, even in a panic.
struct Raise<'a>(&'a AtomicBool);

impl Drop for Raise<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Runs `work` on this thread of a pool that does nothing else, the other threads waiting awake for
/// what it has for them, unless there are more of them than processors.
pub(crate) fn awake<R>(work: impl FnOnce() -> R) -> R {
    let others = rayon::current_num_threads() - 1;
    let here = rayon::current_thread_index();
    let processors = available_parallelism().map_or(1, NonZero::get);
    if others == 0 || others >= processors || here.is_none() {
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
    let (mut looks, mut since) = (0, Instant::now());
    while !done.load(Ordering::Acquire) {
        if rayon::yield_now() == Some(Yield::Executed) {
            (looks, since) = (0, Instant::now());
            continue;
        }
        looks += 1;
        if looks % PATIENCE == 0 {
            if since.elapsed() < LONG { std::thread::yield_now() } else { sleep(NAP) }
        }
        (0..PAUSES).for_each(|_| spin_loop());
    }
}
