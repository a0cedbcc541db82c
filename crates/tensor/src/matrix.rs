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

/// Column `j` as a slice, where its numbers lie side by side: in a transposed view they do not.
///
/// # Panics
/// When there is no such column.
#[must_use]
pub fn column<'a, T: Real>(m: Mat<'a, T>, j: usize) -> Option<&'a [T]> {
    assert!(j < m.ncols(), "column {j} of {}", m.ncols());
    let at = m.column(j).as_ptr();
    // SAFETY: number i of the column lies i numbers behind the first, as the stride of rows is 1; all of them
    // are borrowed for 'a.
    (m.strides().0 == 1).then(|| unsafe { std::slice::from_raw_parts(at, m.nrows()) })
}

/// Column `j` of a mutable view as a slice, where its numbers lie side by side.
///
/// # Panics
/// When there is no such column.
#[must_use]
pub fn column_mut<'m, T: Real>(m: &'m mut MatMut<'_, T>, j: usize) -> Option<&'m mut [T]> {
    assert!(j < m.ncols(), "column {j} of {}", m.ncols());
    let (rows, stride) = (m.nrows(), m.strides().0);
    let at = m.column_mut(j).as_mut_ptr();
    // SAFETY: as in `column`; `m` is borrowed mutably for as long as the slice.
    (stride == 1).then(|| unsafe { std::slice::from_raw_parts_mut(at, rows) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_slices_where_they_lie_in_one_piece() {
        let mut data = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let m = mat(&data, 3, 2);
        assert_eq!(column(m, 1), Some(&[4.0, 5.0, 6.0][..]));
        assert_eq!(column(m.rows_range(1..3), 1), Some(&[5.0, 6.0][..]));
        assert_eq!(column(transposed(m), 0), None);
        let mut m = mat_mut(&mut data, 3, 2);
        column_mut(&mut m, 0).unwrap()[2] = 9.0;
        column_mut(&mut m.rows_range_mut(1..2), 1).unwrap()[0] = 8.0;
        assert!(column_mut(&mut transposed_mut(m), 2).is_none());
        assert_eq!(data, [1.0, 2.0, 9.0, 4.0, 8.0, 6.0]);
    }
}
