//! Reductions. Sums accumulate in `f64`, in a fixed number of lanes.

use crate::{Cut, Real, Signal, Write, share, vectorized, worth_sharing};

/// Partial sums side by side. Fixed, so that the same numbers are added in the same order whatever
/// registers there are.
const LANES: usize = 32;
/// Columns added in one pass over the sums.
const COLUMNS: usize = 4;

/// Σ f(x, y) over slices of one length.
#[inline(always)]
fn add_up<T: Real>(x: &[T], y: &[T], f: impl Fn(f64, f64) -> f64) -> f64 {
    if x.len() < LANES {
        return x.iter().zip(y).fold(0.0, |sum, (x, y)| sum + f(x.f64(), y.f64()));
    }
    let mut lanes = [0.0; LANES];
    let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<LANES>(), y.as_chunks::<LANES>());
    vectorized(
        #[inline(always)]
        || {
            for (x, y) in x.iter().zip(y) {
                for ((lane, &x), &y) in lanes.iter_mut().zip(x).zip(y) {
                    *lane += f(x.f64(), y.f64());
                }
            }
        },
    );
    for ((lane, &x), &y) in lanes.iter_mut().zip(x_rest).zip(y_rest) {
        *lane += f(x.f64(), y.f64());
    }
    halves(lanes, |a, b| a + b)
}

/// One number of many: half of them with the other half, and again.
#[inline(always)]
fn halves<R: Copy>(mut lanes: [R; LANES], f: impl Fn(R, R) -> R) -> R {
    let mut width = LANES;
    while width > 1 {
        width /= 2;
        (0..width).for_each(|i| lanes[i] = f(lanes[i], lanes[i + width]));
    }
    lanes[0]
}

/// `Σ x`.
#[must_use]
pub fn sum<T: Real>(x: &[T]) -> f64 {
    add_up(x, x, |x, _| x)
}

/// `Σ |x|`.
#[must_use]
pub fn sum_abs<T: Real>(x: &[T]) -> f64 {
    add_up(x, x, |x, _| x.abs())
}

/// `xᵀy`, for slices of one length.
#[must_use]
pub fn dot<T: Real>(x: &[T], y: &[T]) -> f64 {
    add_up(x, y, |x, y| x * y)
}

/// `‖x‖₂`.
#[must_use]
pub fn norm<T: Real>(x: &[T]) -> f64 {
    add_up(x, x, |x, _| x * x).sqrt()
}

/// The largest number; −∞ for an empty slice. NaN is passed over.
#[must_use]
pub fn max<T: Real>(x: &[T]) -> T {
    let larger = |a: T, b: T| if b > a { b } else { a };
    let least = T::of(f64::NEG_INFINITY);
    if x.len() < LANES {
        return x.iter().fold(least, |most, &x| larger(most, x));
    }
    let mut lanes = [least; LANES];
    let (x, rest) = x.as_chunks::<LANES>();
    vectorized(
        #[inline(always)]
        || {
            for x in x {
                lanes.iter_mut().zip(x).for_each(|(lane, &x)| *lane = larger(*lane, x));
            }
        },
    );
    lanes.iter_mut().zip(rest).for_each(|(lane, &x)| *lane = larger(*lane, x));
    halves(lanes, larger)
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

/// The sum of the columns of `signal`, written to or added to `out` (one number per row).
pub fn add_columns<T: Real>(write: Write, signal: Signal<'_, T>, out: &mut [T]) {
    if write == Write::Overwrite {
        out.fill(T::ZERO);
    }
    let columns = signal.columns();
    share((0, out), &|part| cut(part, columns), &|(first, out)| add_rows(signal, first, out));
}

/// Some rows, from the first of them on; or two halves, where so many columns make it worth while.
fn cut<T>((first, out): (usize, &mut [T]), columns: usize) -> Cut<(usize, &mut [T])> {
    if !worth_sharing(out.len() * columns) || out.len() < 2 * LANES {
        return Cut::One((first, out));
    }
    let half = out.len() / 2 / LANES * LANES;
    let (one, other) = out.split_at_mut(half);
    Cut::Two((first, one), (first + half, other))
}

/// Adds the columns of the rows from `first` on, as many as `out` has.
fn add_rows<T: Real>(signal: Signal<'_, T>, first: usize, out: &mut [T]) {
    vectorized(
        #[inline(always)]
        || {
            // Some columns at once, else `out` goes through memory once per column.
            let mut columns = signal.data().chunks_exact(COLUMNS * signal.features().max(1));
            for columns in &mut columns {
                let column = |i: usize| &columns[i * signal.features() + first..][..out.len()];
                let [a, b, c, d] = std::array::from_fn(column);
                for ((((out, &a), &b), &c), &d) in out.iter_mut().zip(a).zip(b).zip(c).zip(d) {
                    *out = *out + a + b + c + d;
                }
            }
            for column in columns.remainder().chunks_exact(signal.features().max(1)) {
                out.iter_mut().zip(&column[first..]).for_each(|(out, &x)| *out += x);
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_largest_is_found() {
        let mut x: Vec<f32> = (0..77).map(|i| -(i as f32 - 50.0).abs()).collect();
        assert_eq!(max(&x), 0.0);
        x[3] = f32::NAN;
        x[76] = 7.0;
        assert_eq!((max(&x), max(&x[..76]), max(&x[..9])), (7.0, 0.0, -42.0));
        assert_eq!(max::<f64>(&[]), f64::NEG_INFINITY);
    }

    #[test]
    fn columns_are_added_or_replaced() {
        let m = [1.0, 2.0, 3.0, 4.0];
        let mut out = [f64::NAN, f64::NAN];
        add_columns(Write::Overwrite, Signal::new(&m, 2), &mut out);
        assert_eq!(out, [4.0, 6.0]);
        add_columns(Write::Add, Signal::new(&m, 2), &mut out);
        assert_eq!(out, [8.0, 12.0]);
        // So many that threads share them, and a number of columns that is no multiple of any.
        let (rows, columns) = (1000, 67);
        let m: Vec<f32> = (0..rows * columns).map(|i| (i % 1009) as f32).collect();
        let mut out = vec![0.0; rows];
        add_columns(Write::Overwrite, Signal::new(&m, rows), &mut out);
        let sum = |row| (0..columns).map(|n| m[row + n * rows]).sum::<f32>();
        assert!((0..rows).all(|row| out[row] == sum(row)));
    }
}
