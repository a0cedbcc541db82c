//! `profile`: where the time of a thread goes, told by kind of work.
//!
//! ```
//! use tanren_tensor::profile::{self, Kind};
//!
//! profile::start();
//! {
//!     let _span = profile::span(Kind::Data); // until it is dropped
//! }
//! let profile = profile::stop();
//! assert!(profile.is_some_and(|p| p.total >= p.seconds(Kind::Data)));
//! ```
//!
//! A span costs one relaxed load while nobody profiles. While somebody does, every moment belongs
//! to one kind: that of the innermost span of the thread that started. What other threads do for
//! it is its own waiting, so it is counted once; spans of theirs count nothing.

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

/// A kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Matrix products.
    Gemm,
    /// Loops over slices: activations, losses. Inside a span of another kind they are part of it.
    Elementwise,
    /// What moves the parameters.
    Update,
    /// Shuffling and gathering rows.
    Data,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Gemm, Self::Elementwise, Self::Update, Self::Data];
}

/// Where the time went.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Profile {
    /// Seconds in spans, by [`Kind`].
    seconds: [f64; Kind::ALL.len()],
    /// Seconds from [`start`] to [`stop`].
    pub total: f64,
    /// Multiplications and additions of matrix products, each counted.
    pub flop: u64,
}

impl Profile {
    /// Seconds spent in work of this kind.
    #[must_use]
    pub const fn seconds(&self, kind: Kind) -> f64 {
        self.seconds[kind as usize]
    }

    /// Seconds outside every span.
    #[must_use]
    pub fn rest(&self) -> f64 {
        (self.total - self.seconds.iter().sum::<f64>()).max(0.0)
    }
}

/// A profile in the making.
#[derive(Clone, Copy)]
struct Open {
    profile: Profile,
    started: Instant,
    /// The kind of the innermost span, and since when nothing has been noted of it.
    current: Option<Kind>,
    since: Instant,
}

impl Open {
    /// Notes the time until now and continues with `kind`.
    fn turn(&mut self, kind: Option<Kind>) {
        let now = now();
        if let Some(current) = self.current {
            self.profile.seconds[current as usize] += (now - self.since).as_secs_f64();
        }
        (self.current, self.since) = (kind, now);
    }
}

/// The time; tests have a clock of their own.
fn now() -> Instant {
    #[cfg(test)]
    return tests::now();
    #[cfg(not(test))]
    Instant::now()
}

/// Threads that are being profiled.
static THREADS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static OPEN: Cell<Option<Open>> = const { Cell::new(None) };
}

/// Begins a profile of this thread; one that was begun before is dropped.
pub fn start() {
    let now = now();
    let open = Open { profile: Profile::default(), started: now, current: None, since: now };
    if OPEN.replace(Some(open)).is_none() {
        THREADS.fetch_add(1, Relaxed);
    }
}

/// Ends the profile of this thread; `None` when there is none. A span that is still open counts
/// until now.
pub fn stop() -> Option<Profile> {
    let mut open = OPEN.take()?;
    THREADS.fetch_sub(1, Relaxed);
    open.turn(None);
    open.profile.total = (open.since - open.started).as_secs_f64();
    Some(open.profile)
}

/// Ends, when it is dropped, what [`span`] or [`product`] began.
#[derive(Debug)]
#[must_use = "a span ends when it is dropped"]
pub struct Span {
    /// The kind to go back to, unless nothing was begun.
    outer: Option<Option<Kind>>,
    /// Not to be sent: it belongs to its thread.
    thread: PhantomData<*const ()>,
}

impl Span {
    const NOTHING: Self = Self { outer: None, thread: PhantomData };
}

/// From now on this thread does work of this kind, until the span is dropped.
#[inline]
pub fn span(kind: Kind) -> Span {
    if THREADS.load(Relaxed) == 0 { Span::NOTHING } else { begin(kind) }
}

/// A span of [`Kind::Gemm`] for a product of m × k by k × n.
#[inline]
pub fn product(m: usize, n: usize, k: usize) -> Span {
    count(m, n, k);
    span(Kind::Gemm)
}

/// Counts a product of m × k by k × n that is made in parts, on any thread: the parts are spans.
#[inline]
pub fn count(m: usize, n: usize, k: usize) {
    if THREADS.load(Relaxed) > 0 {
        add(2 * (m as u64) * (n as u64) * (k as u64));
    }
}

#[cold]
fn add(flop: u64) {
    if let Some(mut open) = OPEN.get() {
        open.profile.flop += flop;
        OPEN.set(Some(open));
    }
}

#[cold]
fn begin(kind: Kind) -> Span {
    let Some(mut open) = OPEN.get() else { return Span::NOTHING };
    let outer = open.current;
    if kind == Kind::Elementwise && outer.is_some() {
        return Span::NOTHING;
    }
    open.turn(Some(kind));
    OPEN.set(Some(open));
    Span { outer: Some(outer), thread: PhantomData }
}

#[cold]
fn end(outer: Option<Kind>) {
    if let Some(mut open) = OPEN.get() {
        open.turn(outer);
        OPEN.set(Some(open));
    }
}

impl Drop for Span {
    #[inline]
    fn drop(&mut self) {
        if let Some(outer) = self.outer {
            end(outer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::OnceLock;
    use std::time::Duration;

    thread_local! {
        /// Seconds that have passed on this thread: a test's clock moves when the test says so.
        static PASSED: Cell<u64> = const { Cell::new(0) };
    }

    /// The time of this thread's clock.
    pub(super) fn now() -> Instant {
        static START: OnceLock<Instant> = OnceLock::new();
        *START.get_or_init(Instant::now) + Duration::from_secs(PASSED.get())
    }

    fn pass(seconds: u64) {
        PASSED.set(PASSED.get() + seconds);
    }

    fn work(kind: Kind, seconds: u64) {
        let _span = span(kind);
        pass(seconds);
    }

    /// The seconds of each kind, and of none.
    fn seconds(profile: &Profile) -> [f64; 5] {
        let [a, b, c, d] = Kind::ALL.map(|kind| profile.seconds(kind));
        [a, b, c, d, profile.rest()]
    }

    #[test]
    fn every_moment_belongs_to_the_innermost_span() {
        start();
        {
            let _update = span(Kind::Update);
            work(Kind::Gemm, 1);
        }
        // All in the product, nothing in the update around it.
        assert_eq!(seconds(&stop().unwrap()), [1.0, 0.0, 0.0, 0.0, 0.0]);

        start();
        {
            let _update = span(Kind::Update);
            pass(1);
            work(Kind::Elementwise, 2); // is part of the update
            pass(4);
        }
        work(Kind::Elementwise, 8);
        work(Kind::Data, 16);
        pass(32);
        let profile = stop().unwrap();
        assert_eq!(seconds(&profile), [0.0, 8.0, 7.0, 16.0, 32.0]);
        assert_eq!(profile.total, 63.0);
    }

    #[test]
    fn only_the_thread_that_started_is_counted() {
        assert_eq!(stop(), None);
        start();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                drop(product(3, 4, 5));
                work(Kind::Gemm, 1);
                assert_eq!(stop(), None);
            });
        });
        pass(2); // it waited
        drop(product(2, 3, 4));
        let profile = stop().unwrap();
        assert_eq!(profile.flop, 48);
        assert_eq!(seconds(&profile), [0.0, 0.0, 0.0, 0.0, 2.0]);
        drop(product(2, 3, 4));
        assert_eq!(stop(), None);
    }

    #[test]
    fn a_span_may_outlive_its_profile() {
        start();
        let span = span(Kind::Data);
        assert!(stop().is_some());
        drop(span);
        start();
        assert_eq!(stop().unwrap().seconds(Kind::Data), 0.0);
    }
}
