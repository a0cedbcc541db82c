//! nalgebra views over slices, in and out.

use crate::Real;
use nalgebra::{Dyn, MatrixView, MatrixViewMut, ViewStorage, ViewStorageMut};

/// A borrowed matrix with run-time strides.
pub type Mat<'a, T> = MatrixView<'a, T, Dyn, Dyn, Dyn, Dyn>;
/// A mutably borrowed matrix with run-time strides.
pub type MatMut<'a, T> = MatrixViewMut<'a, T, Dyn, Dyn, Dyn, Dyn>;

/// `rows × cols` numbers of a column-major slice.
///
/// # Panics
/// When `data` is shorter than `rows · cols`; callers hold slices cut by a layout.
#[must_use]
pub fn mat<T: Real>(data: &[T], rows: usize, cols: usize) -> Mat<'_, T> {
    Mat::from_slice_with_strides_generic(data, Dyn(rows), Dyn(cols), Dyn(1), Dyn(rows))
}

/// `rows × cols` numbers of a column-major slice, to be written.
///
/// # Panics
/// When `data` is shorter than `rows · cols`.
#[must_use]
pub fn mat_mut<T: Real>(data: &mut [T], rows: usize, cols: usize) -> MatMut<'_, T> {
    MatMut::from_slice_with_strides_generic(data, Dyn(rows), Dyn(cols), Dyn(1), Dyn(rows))
}

/// The transpose of a view, without copying: sizes and strides change places.
#[must_use]
pub fn transposed<'a, T: Real>(m: Mat<'a, T>) -> Mat<'a, T> {
    let ((rows, cols), (row_stride, col_stride)) = (m.shape(), m.strides());
    let (shape, strides) = ((Dyn(cols), Dyn(rows)), (Dyn(col_stride), Dyn(row_stride)));
    // SAFETY: element (j, i) of the new view is element (i, j) of `m`, so both reach exactly the
    // same numbers, for the same lifetime 'a.
    let storage: ViewStorage<'a, T, _, _, _, _> =
        unsafe { ViewStorage::from_raw_parts(m.as_ptr(), shape, strides) };
    Mat::from_data(storage)
}

/// The transpose of a mutable view, without copying.
#[must_use]
pub fn transposed_mut<'a, T: Real>(mut m: MatMut<'a, T>) -> MatMut<'a, T> {
    let ((rows, cols), (row_stride, col_stride)) = (m.shape(), m.strides());
    let (shape, strides) = ((Dyn(cols), Dyn(rows)), (Dyn(col_stride), Dyn(row_stride)));
    // SAFETY: element (j, i) of the new view is element (i, j) of `m`, so both reach exactly the
    // same numbers; `m` is consumed, so the new view is the only one for the lifetime 'a.
    let storage: ViewStorageMut<'a, T, _, _, _, _> =
        unsafe { ViewStorageMut::from_raw_parts(m.as_mut_ptr(), shape, strides) };
    MatMut::from_data(storage)
}
