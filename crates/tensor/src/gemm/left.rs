//! `LeftOperand`: a matrix laid out once, for many products.

use super::blocks;
use super::dispatch::Kernel;
use super::job::{Job, Left};
use super::near::Near;
use super::pack;
use super::{Write, contiguous_rows, shapes};
use crate::scratch::{Lease, Use};
use crate::vectorized::Registers;
use crate::{Mat, MatMut, Real, profile};

/// The left operand of products that are made one by one, on any thread, such as the columns of a
/// larger product:
///
/// ```
/// use tanren_tensor::{LeftOperand, Write, mat, mat_mut};
///
/// let (a, b) = ([1.0, 2.0, 3.0, 4.0], [1.0, 1.0]);
/// let left = LeftOperand::new(mat(&a, 2, 2));
/// let mut c = [0.0; 2];
/// left.times(Write::Overwrite, mat(&b, 2, 1), mat_mut(&mut c, 2, 1));
/// assert_eq!(c, [4.0, 6.0]);
/// ```
#[derive(Debug)]
pub struct LeftOperand<'a, T: Real> {
    a: Mat<'a, T>,
    kernel: Kernel<T>,
    panels: Option<Lease<T>>,
}

impl<'a, T: Real> LeftOperand<'a, T> {
    /// Lays A out if that is of use; other threads may help.
    #[must_use]
    pub fn new(a: Mat<'a, T>) -> Self {
        let _span = profile::span(profile::Kind::Gemm);
        Self::with(Registers::widest(), a)
    }

    /// The same for these registers.
    pub(super) fn with(registers: Registers, a: Mat<'a, T>) -> Self {
        let kernel = T::kernel(registers);
        let panels = (!contiguous_rows(a) || blocks::far::<T>(a.strides().1)).then(|| {
            let mut room = Lease::new(Use::Whole, pack::room(a.shape(), kernel.width));
            pack::panels(a, kernel.width, usize::MAX, room.numbers_mut());
            room
        });
        Self { a, kernel, panels }
    }

    /// `C = A B` or `C += A B` on this thread: the same bits as [`gemm`](super::gemm).
    ///
    /// # Panics
    /// When the shapes of A, B and C do not agree.
    pub fn times(&self, write: Write, b: Mat<'_, T>, c: MatMut<'_, T>) {
        self.times_before(write, b, c, &[]);
    }

    /// The same, while what comes `next` is on its way from memory: up to three slices in which
    /// number i will be wanted with number i of C, column by column. Worth while where they are in no
    /// cache.
    ///
    /// # Panics
    /// As [`LeftOperand::times`].
    pub fn times_before(&self, write: Write, b: Mat<'_, T>, mut c: MatMut<'_, T>, next: &[&[T]]) {
        shapes(self.a, b, &c);
        let _span = profile::span(profile::Kind::Gemm);
        if super::none(write, b, &mut c) {
            return;
        }
        let near = (c.strides().0 == 1 && !next.is_empty()).then(|| Near::new(next));
        let job = Job { near, ..Job::new(write.into(), self.left(), b, c) };
        // SAFETY: the views live as long as this call, A's copy as long as `self`.
        unsafe { T::product(self.kernel, job) }
    }

    /// Rows and columns.
    #[must_use]
    pub fn shape(&self) -> (usize, usize) {
        self.a.shape()
    }

    fn left(&self) -> Left<T> {
        match &self.panels {
            None => Left::Columns { at: self.a.as_ptr(), step: self.a.strides().1 },
            Some(room) => Left::Panels { at: room.numbers().as_ptr(), depth: self.a.ncols() },
        }
    }
}
