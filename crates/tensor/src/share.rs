//! Sharing work with other threads: cut in halves, by its size alone.

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
        Cut::Two(one, other) => {
            rayon::join(|| share(one, cut, each), || share(other, cut, each));
        }
    }
}
