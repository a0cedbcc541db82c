//! Laying A out anew, so that a register reads what lies together.

use super::tile::Job;
use crate::{Mat, Real, vectorized};
use std::cell::Cell;
use std::thread::LocalKey;

/// Bytes of a line of the cache, and of the widest register.
const LINE: usize = 64;

/// Memory of one thread, kept from product to product: warm in the cache, and never allocated again.
pub(crate) type Scratch<T> = LocalKey<Cell<Vec<T>>>;

/// Numbers taken out of a thread's scratch, until they are given back.
pub(super) struct Taken<T: 'static> {
    scratch: &'static Scratch<T>,
    memory: Vec<T>,
    start: usize,
    len: usize,
}

impl<T: Real> Taken<T> {
    /// Takes `len` numbers, from the beginning of a line on. While they are taken the scratch is
    /// empty: a thread that waits for another may begin a product of its own.
    pub(super) fn new(scratch: &'static Scratch<T>, len: usize) -> Self {
        let mut memory = scratch.take();
        let most = len + LINE / T::BYTES;
        if memory.len() < most {
            memory.resize(most, T::ZERO);
        }
        let start = memory.as_ptr().align_offset(LINE).min(most - len);
        Self { scratch, memory, start, len }
    }

    /// The numbers.
    pub(super) fn numbers(&mut self) -> &mut [T] {
        &mut self.memory[self.start..self.start + self.len]
    }
}

impl<T> Drop for Taken<T> {
    fn drop(&mut self) {
        self.scratch.set(std::mem::take(&mut self.memory));
    }
}

/// The distance of two columns of `rows` numbers where each begins with a register of `width`.
pub(super) const fn step(rows: usize, width: usize) -> usize {
    rows.next_multiple_of(width)
}

/// Rows and columns of a block that is turned in registers.
pub(super) const BLOCK: usize = 8;
/// Numbers of A from which on it pays to let other threads help.
const SHARED: usize = 1 << 15;

/// Writes the columns of A one after the other, `step` apart; rows that are not there are zeros.
pub(super) fn columns<T: Real>(a: Mat<'_, T>, step: usize, to: &mut [T]) {
    let depth = a.ncols();
    if a.len() > SHARED && depth >= 2 * BLOCK {
        let middle = depth / 2 / BLOCK * BLOCK;
        let (left, right) = to.split_at_mut(middle * step);
        let parts = (a.columns_range(..middle), a.columns_range(middle..));
        rayon::join(|| columns(parts.0, step, left), || columns(parts.1, step, right));
    } else {
        vectorized(|| turn(a, step, to));
    }
}

#[inline(always)]
fn turn<T: Real>(a: Mat<'_, T>, step: usize, to: &mut [T]) {
    let (rows, depth) = a.shape();
    let (across, along) = a.strides();
    let blocks = if along == 1 { (rows / BLOCK * BLOCK, depth / BLOCK * BLOCK) } else { (0, 0) };
    for p in (0..blocks.1).step_by(BLOCK) {
        for i in (0..blocks.0).step_by(BLOCK) {
            // SAFETY: the block lies within A, and within `to`, whose columns are `step` apart.
            unsafe {
                let from = a.as_ptr().add(i * across + p);
                block::<T, BLOCK>(from, across, to.as_mut_ptr().add(i + p * step), step);
            }
        }
    }
    for (p, to) in to.chunks_exact_mut(step).enumerate().take(depth) {
        let turned = if p < blocks.1 { blocks.0 } else { 0 };
        let (numbers, padding) = to.split_at_mut(rows);
        for (i, to) in numbers.iter_mut().enumerate().skip(turned) {
            // SAFETY: row i and column p are within A.
            *to = unsafe { *a.as_ptr().add(i * across + p * along) };
        }
        padding.fill(T::ZERO);
    }
}

/// Turns a block: number (i, p) is read at `from + i · across + p` and written at
/// `to + i + p · step`, for i < BLOCK and p < N.
///
/// # Safety
/// These must be readable and writable.
#[inline(always)]
pub(super) unsafe fn block<T: Real, const N: usize>(
    from: *const T,
    across: usize,
    to: *mut T,
    step: usize,
) {
    // SAFETY: by the caller's promise.
    unsafe {
        let rows: [[T; N]; BLOCK] =
            std::array::from_fn(|i| from.add(i * across).cast::<[T; N]>().read_unaligned());
        let columns: [[T; BLOCK]; N] = std::array::from_fn(|p| rows.map(|row| row[p]));
        for (p, column) in columns.into_iter().enumerate() {
            to.add(p * step).cast::<[T; BLOCK]>().write_unaligned(column);
        }
    }
}

/// Copies A of a panel to `to`, column after column, `step` apart; rows that are not there are
/// zeros. Returns the same product with this A.
///
/// # Safety
/// A must be readable.
#[inline(always)]
pub(super) unsafe fn panel<T: Real>(job: Job<T>, step: usize, to: &mut [T]) -> Job<T> {
    for (p, to) in to.chunks_exact_mut(step).take(job.depth).enumerate() {
        // SAFETY: column p of A has this many rows, one after the other.
        let from = unsafe { std::slice::from_raw_parts(job.a.add(p * job.a_step), job.rows) };
        let (rows, padding) = to.split_at_mut(job.rows);
        rows.copy_from_slice(from);
        padding.fill(T::ZERO);
    }
    Job { a: to.as_ptr(), a_step: step, ..job }
}
