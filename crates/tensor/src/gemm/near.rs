//! `Near`: what will be wanted right after a product, asked for while it is computed.
//!
//! An update that follows a gradient waits for parameters and slots to come from memory, while the
//! units that multiply are idle; a product keeps those busy and memory idle. So each panel of C
//! asks for the same panel of the matrices that come next.

use crate::Real;

/// Matrices of C's shape and steps; null where there is none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Near<T>([*const T; MOST]);

/// Matrices that are asked for, at most: parameters and two slots.
const MOST: usize = 3;

/// Bytes of a line of the cache.
const LINE: usize = 64;

impl<T: Real> Near<T> {
    /// The first of these that are not empty.
    pub(super) fn new(matrices: &[&[T]]) -> Self {
        let mut near = Self([std::ptr::null(); MOST]);
        let filled = matrices.iter().filter(|m| !m.is_empty());
        near.0.iter_mut().zip(filled).for_each(|(at, matrix)| *at = matrix.as_ptr());
        near
    }

    /// From the element on that is so many numbers further.
    pub(super) fn from(self, numbers: usize) -> Self {
        // Nothing is read from there: the pointers need not be good.
        Self(self.0.map(|at| if at.is_null() { at } else { at.wrapping_add(numbers) }))
    }

    /// Asks for some rows of columns that are `step` apart.
    pub(super) fn ask(self, rows: usize, columns: usize, step: usize) {
        for at in self.0.into_iter().take_while(|at| !at.is_null()) {
            for j in 0..columns {
                let column = at.wrapping_add(j * step).cast::<u8>();
                for byte in (0..rows * T::BYTES).step_by(LINE) {
                    prefetch(column.wrapping_add(byte));
                }
            }
        }
    }
}

/// Asks for a line of memory.
#[inline(always)]
fn prefetch(at: *const u8) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: every x86-64 processor has it; it is a hint for any address, which it cannot read
        // wrongly.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(at.cast()) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}
