//! Element-wise kernels: what activations, losses and updaters do to a slice.

use crate::elementary::{exp_scalar, ln_scalar, sigmoid_scalar, softplus_scalar, tanh_scalar};
use crate::{Real, SignalMut, Write, vectorized};

/// `y ← a·x` or `y ← y + a·x`, each rounded once.
pub fn add_scaled<T: Real>(write: Write, a: T, x: &[T], y: &mut [T]) {
    match write {
        Write::Overwrite => combine(y, x, |_, x| a * x),
        Write::Add => combine(y, x, |y, x| a.mul_add(x, y)),
    }
}

/// `y ← y + a·x`, rounded once, and 0 where that is [tiny](Real::TINY).
pub fn advance<T: Real>(a: T, x: &[T], y: &mut [T]) {
    combine(y, x, |y, x| a.mul_add(x, y).or_zero(T::TINY));
}

/// Every column of `signal` becomes `column`.
pub fn repeat_column<T: Real>(column: &[T], signal: &mut SignalMut<'_, T>) {
    const MOST: usize = 4096; // numbers that are copied at once, from the first cache
    let data = signal.data();
    let mut done = column.len().min(data.len());
    data[..done].copy_from_slice(&column[..done]);
    while done < data.len() {
        // What is done is a whole number of columns, and so is the source.
        let len =
            (done.min(MOST.max(column.len())) / column.len() * column.len()).min(data.len() - done);
        data.copy_within(..len, done);
        done += len;
    }
}

/// `x ← f(x)`, number by number, in the registers of this processor: see [`vectorized`].
#[inline]
pub fn map<T: Real>(x: &mut [T], f: impl Fn(T) -> T) {
    vectorized(|| x.iter_mut().for_each(|x| *x = f(*x)));
}

/// `y ← f(y, x)`, number by number, in the registers of this processor: see [`vectorized`].
#[inline]
pub fn combine<T: Real>(y: &mut [T], x: &[T], f: impl Fn(T, T) -> T) {
    vectorized(|| y.iter_mut().zip(x).for_each(|(y, &x)| *y = f(*y, x)));
}

/// `x ← eˣ`.
pub fn exp<T: Real>(x: &mut [T]) {
    map(x, exp_scalar);
}

/// `x ← ln x`.
pub fn ln<T: Real>(x: &mut [T]) {
    map(x, ln_scalar);
}

/// `x ← tanh x`.
pub fn tanh<T: Real>(x: &mut [T]) {
    map(x, tanh_scalar);
}

/// `x ← σ(x) = 1 / (1 + e⁻ˣ)`, without overflow for any x.
pub fn sigmoid<T: Real>(x: &mut [T]) {
    map(x, sigmoid_scalar);
}

/// `x ← ln(1 + eˣ)`, without overflow or loss of small values.
pub fn softplus<T: Real>(x: &mut [T]) {
    map(x, softplus_scalar);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_repeated() {
        for (rows, columns) in [(1, 1), (3, 7), (5, 1), (300, 33), (5000, 3)] {
            let column: Vec<f32> = (0..rows).map(|i| i as f32).collect();
            let mut data = vec![f32::NAN; rows * columns];
            repeat_column(&column, &mut SignalMut::new(&mut data, rows));
            assert!(data.chunks(rows).all(|c| c == column));
        }
    }

    #[test]
    fn the_ends_of_the_range_are_exact() {
        let mut s = [f32::NEG_INFINITY, -1e4, 0.0, 1e4, f32::INFINITY];
        sigmoid(&mut s);
        assert_eq!(s, [0.0, 0.0, 0.5, 1.0, 1.0]);
        let mut p = [-1e4_f32, 0.0, 1e4];
        softplus(&mut p);
        assert_eq!(p, [0.0, std::f32::consts::LN_2, 1e4]);
        assert!((softplus_scalar(-40.0_f64) - (-40.0_f64).exp()).abs() < 1e-30);
        let mut n = [f32::NAN];
        sigmoid(&mut n);
        assert!(n[0].is_nan());
    }
}
