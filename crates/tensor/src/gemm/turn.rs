//! Turning a small block of a matrix in registers: what lay row by row then lies column by column.

/// Rows and columns of a block.
pub(super) const BLOCK: usize = 8;

/// Turns a block: element (i, p) goes from `from + i · across + p` to `to + i + p · step`.
///
/// # Safety
/// All its elements must be readable there and writable here, and the places must not overlap.
#[inline(always)]
pub(super) unsafe fn block<T: Copy>(from: *const T, across: usize, to: *mut T, step: usize) {
    // SAFETY: by the caller's promise.
    unsafe {
        let row = |i: usize| from.add(i * across).cast::<[T; BLOCK]>().read_unaligned();
        let column = |p: usize| to.add(p * step).cast::<[T; BLOCK]>();
        // Written out, because a loop over p would keep the rows in memory, not in registers.
        let rows = [row(0), row(1), row(2), row(3), row(4), row(5), row(6), row(7)];
        let turn = |p: usize| column(p).write_unaligned(rows.map(|row| row[p]));
        turn(0);
        turn(1);
        turn(2);
        turn(3);
        turn(4);
        turn(5);
        turn(6);
        turn(7);
    }
}

/// [`block`] of single precision by quarters, in the registers that every x86 processor has: four times
/// as fast.
///
/// # Safety
/// As [`block`].
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(super) unsafe fn block_single(from: *const f32, across: usize, to: *mut f32, step: usize) {
    use std::arch::x86_64::{_MM_TRANSPOSE4_PS, _mm_loadu_ps, _mm_storeu_ps};
    // SAFETY: by the caller's promise; a quarter of the block has four rows and four columns.
    let quarter = |i: usize, p: usize| unsafe {
        let row = |k: usize| _mm_loadu_ps(from.add((i + k) * across + p));
        let (mut a, mut b, mut c, mut d) = (row(0), row(1), row(2), row(3));
        _MM_TRANSPOSE4_PS(&mut a, &mut b, &mut c, &mut d);
        let column = |k: usize, numbers| _mm_storeu_ps(to.add(i + (p + k) * step), numbers);
        column(0, a);
        column(1, b);
        column(2, c);
        column(3, d);
    };
    quarter(0, 0);
    quarter(0, 4);
    quarter(4, 0);
    quarter(4, 4);
}
