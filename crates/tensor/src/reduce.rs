//! Reductions. Sums accumulate in `f64` over pieces of fixed length.

use crate::{Mat, Real, Write};

/// Length of a partial sum. Fixed, so that a parallel reduction adds the same numbers in the
/// same order as a serial one.
const PIECE: usize = 4096;

fn pieces<T: Real>(x: &[T], f: impl Fn(T) -> f64) -> f64 {
    x.chunks(PIECE).map(|piece| piece.iter().map(|&x| f(x)).sum::<f64>()).sum()
}

/// `Σ x`.
#[must_use]
pub fn sum<T: Real>(x: &[T]) -> f64 {
    pieces(x, T::f64)
}

/// `Σ |x|`.
#[must_use]
pub fn sum_abs<T: Real>(x: &[T]) -> f64 {
    pieces(x, |x| x.f64().abs())
}

/// `xᵀy`, for slices of one length.
#[must_use]
pub fn dot<T: Real>(x: &[T], y: &[T]) -> f64 {
    x.chunks(PIECE)
        .zip(y.chunks(PIECE))
        .map(|(x, y)| x.iter().zip(y).map(|(&x, &y)| x.f64() * y.f64()).sum::<f64>())
        .sum()
}

/// `‖x‖₂`.
#[must_use]
pub fn norm<T: Real>(x: &[T]) -> f64 {
    pieces(x, |x| x.f64() * x.f64()).sqrt()
}

/// `ln Σ eˣ`, shifted by the maximum so that nothing overflows.
///
/// `−∞` for an empty slice; NaN when a value is NaN.
#[must_use]
pub fn log_sum_exp<T: Real>(x: &[T]) -> f64 {
    let max = x.iter().fold(f64::NEG_INFINITY, |m, x| m.max(x.f64()));
    if max.is_infinite() {
        return if x.iter().any(|x| x.f64().is_nan()) { f64::NAN } else { max };
    }
    max + x.iter().map(|x| (x.f64() - max).exp()).sum::<f64>().ln()
}

/// The sum of the columns of `m`, written to or added to `out` (one number per row).
pub fn add_columns<T: Real>(write: Write, m: Mat<'_, T>, out: &mut [T]) {
    if write == Write::Overwrite {
        out.fill(T::ZERO);
    }
    for column in m.column_iter() {
        out.iter_mut().zip(column.iter()).for_each(|(o, &x)| *o += x);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mat;

    #[test]
    fn log_sum_exp_is_stable() {
        assert!((log_sum_exp(&[1e4_f32, 1e4]) - (1e4 + 2f64.ln())).abs() < 1e-9);
        assert!((log_sum_exp(&[-1e4_f64, -1e4]) - (-1e4 + 2f64.ln())).abs() < 1e-9);
        assert_eq!(log_sum_exp::<f64>(&[]), f64::NEG_INFINITY);
        assert!(log_sum_exp(&[f64::NAN, f64::INFINITY]).is_nan());
        assert!(log_sum_exp(&[f64::NAN, 1.0]).is_nan());
    }

    #[test]
    fn single_precision_sums_do_not_drift() {
        let x = vec![0.1_f32; 1 << 20];
        assert!((sum(&x) / f64::from(1 << 20) - f64::from(0.1_f32)).abs() < 1e-12);
        assert!((norm(&x).powi(2) - dot(&x, &x)).abs() < 1e-9);
    }

    #[test]
    fn columns_are_added_or_replaced() {
        let m = [1.0, 2.0, 3.0, 4.0];
        let mut out = [f64::NAN, f64::NAN];
        add_columns(Write::Overwrite, mat(&m, 2, 2), &mut out);
        assert_eq!(out, [4.0, 6.0]);
        add_columns(Write::Add, mat(&m, 2, 2), &mut out);
        assert_eq!(out, [8.0, 12.0]);
    }
}
