//! Sharing work with other threads: cut in halves, by its size alone.

use std::cell::Cell;

/// Numbers that a loop must touch before waking another thread pays: a few microseconds of work.
pub(crate) const WORTH: usize = 1 << 15;

/// Whether work that touches so many numbers is worth sharing with another thread.
///
/// One multiplication of a matrix product counts about a 64th of a number: it takes that much less
/// time than moving one through an update.
#[must_use]
pub const fn worth_sharing(numbers: usize) -> bool {
    numbers >= WORTH
}

/// What [`share`] does with a piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut<W> {
    /// Does it as it is, on one thread.
    One(W),
    /// Does these two parts instead, perhaps on two threads.
    Two(W, W),
}

/// Cuts `work` in two, and the parts again, as long as `cut` says so, and does `each` part on whatever
/// threads are idle.
///
/// Where `cut` looks at the work alone, the number of threads never changes what is computed.
///
/// ```
/// use tanren_tensor::{Cut, share, worth_sharing};
///
/// let mut numbers = vec![1.0; 100_000];
/// share(
///     &mut numbers[..],
///     &|part| match worth_sharing(part.len()) {
///         true => {
///             let (one, other) = part.split_at_mut(part.len() / 2);
///             Cut::Two(one, other)
///         }
///         false => Cut::One(part),
///     },
///     &|part| part.iter_mut().for_each(|x| *x += 1.0),
/// );
/// assert_eq!(numbers.iter().sum::<f64>(), 200_000.0);
/// ```
pub fn share<W: Send>(work: W, cut: &(impl Fn(W) -> Cut<W> + Sync), each: &(impl Fn(W) + Sync)) {
    match cut(work) {
        Cut::One(work) => each(work),
        Cut::Two(one, other) => join(|| share(one, cut, each), || share(other, cut, each)),
    }
}

thread_local! {
    /// Whether this thread keeps its work to itself.
    static ALONE: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work` on this thread alone: where it would share some with other threads, it does all parts
/// itself, one after the other, to the same bits. For pieces of work that are shared already, and for
/// work that is done before another thread would wake.
///
/// ```
/// let mut numbers = vec![1.0_f32; 100_000];
/// tanren_tensor::alone(|| tanren_tensor::map(&mut numbers, |x| 2.0 * x));
/// assert!(numbers.iter().all(|&x| x == 2.0));
/// ```
pub fn alone<R>(work: impl FnOnce() -> R) -> R {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            ALONE.set(self.0);
        }
    }
    let _restore = Restore(ALONE.replace(true));
    work()
}

/// Whether this thread keeps its work to itself.
pub(crate) fn is_alone() -> bool {
    ALONE.get()
}

/// Does both, perhaps on two threads.
pub(crate) fn join(one: impl FnOnce() + Send, other: impl FnOnce() + Send) {
    if is_alone() {
        one();
        other();
    } else {
        rayon::join(one, other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The threads that took part in work that is cut as far as can be.
    fn threads() -> usize {
        let met = std::sync::Mutex::new(std::collections::HashSet::new());
        let cut =
            |work: usize| if work > 1 { Cut::Two(work / 2, work / 2) } else { Cut::One(work) };
        let each = |_| {
            std::thread::sleep(std::time::Duration::from_millis(1));
            met.lock().unwrap().insert(std::thread::current().id());
        };
        share(64, &cut, &each);
        met.into_inner().unwrap().len()
    }

    #[test]
    fn work_done_alone_stays_on_its_thread() {
        assert_eq!(alone(threads), 1);
        // What was alone before is so again, after a panic too.
        let panics = || alone(|| panic!("on purpose"));
        assert!(std::panic::catch_unwind(panics).is_err());
        assert!(!ALONE.get());
        alone(|| {
            alone(|| ());
            assert!(ALONE.get());
        });
    }
}
