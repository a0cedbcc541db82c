//! Memory that a thread keeps from one piece of work to the next.

use crate::Real;
use std::cell::Cell;
use std::thread::LocalKey;

/// Bytes of a line of the cache, and of the widest register.
const LINE: usize = 64;

/// What it is used for: each has a memory of its own, so that they do not take turns in growing.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Use {
    /// All of the left operand of a product, in panels.
    Whole,
    /// A panel of it.
    Left,
    /// A block of the right operand.
    Right,
    /// A part of a product whose rows are not contiguous.
    Aside,
    /// The second of two products that are to be added.
    Partial,
    /// Whatever [`with_scratch`] is asked for.
    Free,
}

const USES: usize = 6;

/// The memories of a thread, by use: as many as have been taken at once.
pub(crate) type Memories<T> = LocalKey<[Cell<Vec<Vec<T>>>; USES]>;

/// A number of which a thread keeps memories.
pub trait Kept: Sized + 'static {
    /// Those of this thread.
    fn memories() -> &'static Memories<Self>;
}

impl Kept for f32 {
    fn memories() -> &'static Memories<Self> {
        thread_local!(static SINGLE: [Cell<Vec<Vec<f32>>>; USES] = const {
            [const { Cell::new(Vec::new()) }; USES]
        });
        &SINGLE
    }
}

impl Kept for f64 {
    fn memories() -> &'static Memories<Self> {
        thread_local!(static DOUBLE: [Cell<Vec<Vec<f64>>>; USES] = const {
            [const { Cell::new(Vec::new()) }; USES]
        });
        &DOUBLE
    }
}

/// Numbers taken out of a thread's memory, until they are given back.
#[derive(Debug)]
pub(crate) struct Lease<T: Real> {
    from: Use,
    memory: Vec<T>,
    start: usize,
    len: usize,
}

impl<T: Real> Lease<T> {
    /// Takes `len` numbers, from the beginning of a line on; what they are is undetermined. Work
    /// within the work, and a thread that begins the same work anew while it waits for another, take
    /// from a memory of their own.
    pub(crate) fn new(from: Use, len: usize) -> Self {
        let mut memory = T::memories().with(|all| {
            let mut kept = all[from as usize].take();
            let memory = kept.pop().unwrap_or_default();
            all[from as usize].set(kept);
            memory
        });
        let most = len + LINE / T::BYTES;
        if memory.len() < most {
            memory.resize(most, T::ZERO);
        }
        let start = memory.as_ptr().align_offset(LINE).min(most - len);
        Self { from, memory, start, len }
    }

    /// The numbers.
    pub(crate) fn numbers(&self) -> &[T] {
        &self.memory[self.start..self.start + self.len]
    }

    /// The numbers, to be written.
    pub(crate) fn numbers_mut(&mut self) -> &mut [T] {
        &mut self.memory[self.start..self.start + self.len]
    }
}

impl<T: Real> Drop for Lease<T> {
    fn drop(&mut self) {
        let memory = std::mem::take(&mut self.memory);
        // A thread that is just ending keeps nothing.
        let _ = T::memories().try_with(|all| {
            let mut kept = all[self.from as usize].take();
            kept.push(memory);
            all[self.from as usize].set(kept);
        });
    }
}

/// Calls `work` with `len` numbers of this thread's own memory, aligned to the widest register and
/// warm in the cache; what they are is undetermined. Allocates only while the memory grows.
pub fn with_scratch<T: Real, R>(len: usize, work: impl FnOnce(&mut [T]) -> R) -> R {
    work(Lease::new(Use::Free, len).numbers_mut())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_within_work_keeps_its_memory() {
        let places = || {
            with_scratch(1000, |outer: &mut [f64]| {
                let inner = with_scratch(500, |inner: &mut [f64]| inner.as_ptr());
                (outer.as_ptr(), inner)
            })
        };
        assert_eq!(places(), places());
    }

    #[test]
    fn work_within_work_has_numbers_of_its_own() {
        with_scratch(100, |outer: &mut [f32]| {
            outer.fill(1.0);
            with_scratch(50, |inner: &mut [f32]| inner.fill(2.0));
            assert_eq!(outer.as_ptr().align_offset(LINE), 0);
            assert!(outer.len() == 100 && outer.iter().all(|&x| x == 1.0));
        });
    }
}
