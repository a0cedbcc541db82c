//! `Job`: a product to be made, as pointers and strides.

use super::near::Near;
use super::tile::Start;
use crate::{Mat, MatMut, Real};

/// A product C = A B or C = C + A B.
///
/// Making one promises that all elements of A and B can be read, and those of a column that it
/// starts with, that those of C can be read
/// and written and belong to no one else, and that this holds until the product is made.
#[derive(Clone, Copy)]
pub struct Job<T> {
    pub(super) start: Start<T>,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) depth: usize,
    pub(super) a: Left<T>,
    /// B: element (p, j) is at `b + p · b_step.0 + j · b_step.1`.
    pub(super) b: *const T,
    pub(super) b_step: (usize, usize),
    /// C: element (i, j) is at `c + i · c_step.0 + j · c_step.1`.
    pub(super) c: *mut T,
    pub(super) c_step: (usize, usize),
    /// What comes next; the rows of C are contiguous then.
    pub(super) near: Option<Near<T>>,
}

/// Where the elements of A are.
#[derive(Clone, Copy)]
pub(super) enum Left<T> {
    /// Element (i, p) is at `at + i + p · step`.
    Columns { at: *const T, step: usize },
    /// Panel after panel, as [`pack::panels`](super::pack::panels) lays them out: the one that begins
    /// with row i begins at `at + i · depth`.
    Panels { at: *const T, depth: usize },
}

impl<T: Real> Job<T> {
    /// The product of these operands, whose shapes agree, into `c`.
    pub(super) fn new(start: Start<T>, a: Left<T>, b: Mat<'_, T>, mut c: MatMut<'_, T>) -> Self {
        Self {
            start,
            rows: c.nrows(),
            columns: c.ncols(),
            depth: b.nrows(),
            a,
            b: b.as_ptr(),
            b_step: b.strides(),
            c_step: c.strides(),
            c: c.as_mut_ptr(),
            near: None,
        }
    }

    /// The part of the product from this row and column on, of this size. Of an A in panels it must
    /// begin with a panel.
    ///
    /// # Safety
    /// The part must lie within the whole.
    pub(super) unsafe fn part(self, at: (usize, usize), size: (usize, usize)) -> Self {
        // SAFETY: the elements pointed at are in the part, which is in the whole.
        unsafe {
            let a = match self.a {
                Left::Columns { at: a, step } => Left::Columns { at: a.add(at.0), step },
                Left::Panels { at: a, depth } => Left::Panels { at: a.add(at.0 * depth), depth },
            };
            Self {
                start: self.start.row(at.0),
                rows: size.0,
                columns: size.1,
                a,
                near: self.near.map(|near| near.from(at.0 + at.1 * self.c_step.1)),
                b: self.b.add(at.1 * self.b_step.1),
                c: self.c.add(at.0 * self.c_step.0 + at.1 * self.c_step.1),
                ..self
            }
        }
    }
}
