//! The matrix product, behind one function.

use crate::{Mat, MatMut, Real, transposed, transposed_mut};

/// How a result meets what its destination already holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// The destination is replaced; what it held is not read.
    Overwrite,
    /// The result is added to the destination.
    Add,
}

/// A product is cut in two while it has more multiplications than this …
const PIECE: usize = 1 << 18;
/// … and its halves keep at least this many columns, or rows.
const COLUMNS: usize = 8;
const ROWS: usize = 64;

/// `C = A B` or `C += A B`, for any strides.
///
/// The product is cut into panels by its shape alone and the panels may run on any
/// thread of the current pool, so the result has the same bits for every number of threads.
///
/// # Panics
/// When the shapes of `A` (m × k), `B` (k × n) and `C` (m × n) do not agree.
pub fn gemm<T: Real>(write: Write, a: Mat<'_, T>, b: Mat<'_, T>, c: MatMut<'_, T>) {
    check(a, b, &c);
    if c.strides().0 == 1 {
        panels(write, a, b, c);
    } else {
        panels(write, transposed(b), transposed(a), transposed_mut(c)); // Cᵀ = Bᵀ Aᵀ
    }
}

/// The same product, to the bit, on this thread alone: for a part of a larger work that is already
/// spread over threads.
///
/// # Panics
/// As [`gemm`].
pub fn gemm_serial<T: Real>(write: Write, a: Mat<'_, T>, b: Mat<'_, T>, c: MatMut<'_, T>) {
    check(a, b, &c);
    if c.strides().0 == 1 {
        T::product(write, a, b, c);
    } else {
        T::product(write, transposed(b), transposed(a), transposed_mut(c));
    }
}

fn check<T: Real>(a: Mat<'_, T>, b: Mat<'_, T>, c: &MatMut<'_, T>) {
    let (m, n) = c.shape();
    assert!(
        a.nrows() == m && b.ncols() == n && a.ncols() == b.nrows(),
        "gemm: {:?} by {:?} into {:?}",
        a.shape(),
        b.shape(),
        c.shape()
    );
}

fn panels<T: Real>(write: Write, a: Mat<'_, T>, b: Mat<'_, T>, mut c: MatMut<'_, T>) {
    let ((m, n), work) = (c.shape(), c.len() * a.ncols());
    // Each piece lays out its part of A and of B anew: the larger of them should be cut, so that it
    // is laid out once.
    if work > PIECE && m >= n && m >= 2 * ROWS {
        let middle = m / 2 / ROWS * ROWS;
        let (top, bottom) = c.rows_range_pair_mut(..middle, middle..);
        rayon::join(
            || panels(write, a.rows_range(..middle), b, top),
            || panels(write, a.rows_range(middle..), b, bottom),
        );
    } else if work > PIECE && n >= 2 * COLUMNS {
        let middle = n / 2 / COLUMNS * COLUMNS;
        let (left, right) = c.columns_range_pair_mut(..middle, middle..);
        rayon::join(
            || panels(write, a, b.columns_range(..middle), left),
            || panels(write, a, b.columns_range(middle..), right),
        );
    } else {
        T::product(write, a, b, c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{mat, mat_mut};
    use proptest::prelude::*;

    fn naive(a: Mat<'_, f64>, b: Mat<'_, f64>) -> Vec<f64> {
        let mut c = Vec::new();
        for j in 0..b.ncols() {
            for i in 0..a.nrows() {
                c.push((0..a.ncols()).map(|p| a[(i, p)] * b[(p, j)]).sum());
            }
        }
        c
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(m in 1..40usize, n in 1..90usize, k in 1..40usize,
                                      ta: bool, tb: bool, tc: bool, add: bool) {
            let value = |i: usize| ((i * 7919) % 23) as f64 - 11.0;
            let (ad, bd): (Vec<f64>, Vec<f64>) =
                ((0..m * k).map(value).collect(), (0..k * n).map(|i| value(i + 5)).collect());
            let a = if ta { transposed(mat(&ad, k, m)) } else { mat(&ad, m, k) };
            let b = if tb { transposed(mat(&bd, n, k)) } else { mat(&bd, k, n) };
            let expected = naive(a, b);
            // Integers this small are exact, so every summation order gives the same sum.
            let start = if add { 3.0 } else { f64::NAN };
            let mut cd = vec![start; m * n];
            let write = if add { Write::Add } else { Write::Overwrite };
            if tc {
                gemm(write, a, b, transposed_mut(mat_mut(&mut cd, n, m)));
            } else {
                gemm(write, a, b, mat_mut(&mut cd, m, n));
            }
            for j in 0..n { for i in 0..m {
                let got = if tc { cd[i * n + j] } else { cd[j * m + i] };
                prop_assert_eq!(got, expected[j * m + i] + if add { 3.0 } else { 0.0 });
            }}
        }
    }

    #[test]
    fn threads_never_change_a_bit() {
        let (m, n, k) = (67, 301, 129);
        let a: Vec<f32> = (0..m * k).map(|i| (i as f32 * 0.37).sin()).collect();
        let b: Vec<f32> = (0..k * n).map(|i| (i as f32 * 0.71).cos()).collect();
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let mut c = vec![0.0; m * n];
            pool.install(|| {
                gemm(Write::Overwrite, mat(&a, m, k), mat(&b, k, n), mat_mut(&mut c, m, n));
            });
            c
        };
        let one = run(1);
        for threads in [2, 3, 8] {
            assert_eq!(one, run(threads), "{threads} threads");
        }
    }
}
