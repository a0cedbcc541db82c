//! Laying an operand out anew, so that what is read together lies together.

use super::tile::ROWS;
use super::turn::BLOCK;
use crate::{Cut, Mat, Real, share, vectorized, worth_sharing};
use std::ops::Range;

/// Rows of the next panel, when so many are left: four registers of rows are better halved than
/// cut in three and one.
#[inline(always)]
pub(super) const fn height(left: usize, width: usize) -> usize {
    let registers = match left.div_ceil(width) {
        4 => 2,
        registers if registers < ROWS => registers,
        _ => ROWS,
    };
    if left < registers * width { left } else { registers * width }
}

/// Numbers that [`panels`] writes.
pub(super) const fn room(a: (usize, usize), width: usize) -> usize {
    a.0.next_multiple_of(width) * a.1
}

/// Where rows are cut in two halves of as many registers, or one more above.
pub(super) const fn middle(rows: usize, width: usize) -> usize {
    rows.div_ceil(width).div_ceil(2) * width
}

/// Lays A out panel by panel, for registers of `width` numbers. No panel reaches across the cuts of a
/// product whose pieces have `most` rows.
pub(super) fn panels<T: Real>(a: Mat<'_, T>, width: usize, most: usize, to: &mut [T]) {
    let cut = |part| cut(part, a.ncols(), width, most);
    share((0..a.nrows(), to), &cut, &|(rows, to)| part(a.rows_range(rows), width, to));
}

/// Some rows of A with the room for them, or two halves of both.
fn cut<T: Real>(
    (range, to): (Range<usize>, &mut [T]),
    depth: usize,
    width: usize,
    most: usize,
) -> Cut<(Range<usize>, &mut [T])> {
    let (rows, high) = (range.len(), ROWS * width);
    let half = if rows > most {
        middle(rows, width)
    } else if worth_sharing(rows * depth) && rows >= 4 * high {
        rows / high / 2 * high
    } else {
        return Cut::One((range, to));
    };
    let (above, below) = to.split_at_mut(half * depth);
    let middle = range.start + half;
    Cut::Two((range.start..middle, above), (middle..range.end, below))
}

/// Lays out a part of A on this thread.
fn part<T: Real>(a: Mat<'_, T>, width: usize, to: &mut [T]) {
    let (rows, depth) = a.shape();
    vectorized(
        #[inline(always)]
        || {
            let (mut i, mut to) = (0, to);
            while i < rows {
                let part = height(rows - i, width);
                let step = part.next_multiple_of(width);
                let (panel, rest) = to.split_at_mut(step * depth);
                let (across, along) = a.strides();
                // SAFETY: rows i … i + part and all columns are within A.
                unsafe {
                    let from = a.as_ptr().add(i * across);
                    lay_out(from, (across, along), (part, depth), step, panel);
                }
                (i, to) = (i + part, rest);
            }
        },
    );
}

/// Writes the columns of a matrix one after the other, `step` apart; rows that are not there are
/// zeros. Its element (i, p) is at `from + i · strides.0 + p · strides.1`.
///
/// # Safety
/// All elements must be readable.
#[inline(always)]
pub(super) unsafe fn lay_out<T: Real>(
    from: *const T,
    strides: (usize, usize),
    (rows, columns): (usize, usize),
    step: usize,
    to: &mut [T],
) {
    assert!(to.len() >= step * columns && rows <= step);
    // SAFETY: the copy keeps to the rows and columns there are.
    unsafe { copy(from, strides, (rows, columns), to.as_mut_ptr(), (1, step)) }
    if rows < step {
        to.chunks_exact_mut(step).take(columns).for_each(|to| to[rows..].fill(T::ZERO));
    }
}

/// Copies a matrix from one place and pair of strides to another.
///
/// # Safety
/// All elements must be readable there and writable here, and the places must not overlap.
#[inline(always)]
pub(super) unsafe fn copy<T: Real>(
    from: *const T,
    (across, along): (usize, usize),
    (rows, columns): (usize, usize),
    to: *mut T,
    (down, step): (usize, usize),
) {
    // SAFETY: rows and columns stay below those of the matrix.
    unsafe {
        if (across, down) == (1, 1) {
            for p in 0..columns {
                run(from.add(p * along), rows, to.add(p * step));
            }
        } else if along == 1 && down == 1 {
            turn(from, across, (rows, columns), to, step);
        } else if across == 1 && step == 1 {
            turn(from, along, (columns, rows), to, down);
        } else {
            for p in 0..columns {
                for i in 0..rows {
                    *to.add(i * down + p * step) = *from.add(i * across + p * along);
                }
            }
        }
    }
}

/// Copies numbers that lie one after the other: few, so that a call would cost more than the copy.
///
/// # Safety
/// They must be readable and writable.
#[inline(always)]
unsafe fn run<T: Real>(from: *const T, len: usize, to: *mut T) {
    const N: usize = 16;
    let whole = len / N * N;
    // SAFETY: blocks and single numbers lie within the length.
    unsafe {
        for i in (0..whole).step_by(N) {
            let block = from.add(i).cast::<[T; N]>().read_unaligned();
            to.add(i).cast::<[T; N]>().write_unaligned(block);
        }
        for i in whole..len {
            *to.add(i) = *from.add(i);
        }
    }
}

/// Copies element (i, p) from `from + i · across + p` to `to + i + p · step`, most of them in blocks
/// that are turned in registers.
///
/// # Safety
/// As [`copy`].
#[inline(always)]
unsafe fn turn<T: Real>(
    from: *const T,
    across: usize,
    (rows, columns): (usize, usize),
    to: *mut T,
    step: usize,
) {
    let whole = (rows / BLOCK * BLOCK, columns / BLOCK * BLOCK);
    // SAFETY: blocks and single elements lie within the matrix.
    unsafe {
        for p in (0..whole.1).step_by(BLOCK) {
            for i in (0..whole.0).step_by(BLOCK) {
                T::turn(from.add(i * across + p), across, to.add(i + p * step), step);
            }
        }
        for p in 0..columns {
            let done = if p < whole.1 { whole.0 } else { 0 };
            for i in done..rows {
                *to.add(i + p * step) = *from.add(i * across + p);
            }
        }
    }
}
