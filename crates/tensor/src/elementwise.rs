//! Element-wise kernels: what activations, losses and updaters do to a slice.

use crate::elementary::{exp_scalar, ln_scalar, sigmoid_scalar, softplus_scalar, tanh_scalar};
use crate::share::WORTH;
use crate::{Cut, Real, SignalMut, Write, share, vectorized};

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
    let (width, least) = (column.len(), WORTH.max(2 * column.len()));
    let cut = |data| halves(data, least, |len| len / width / 2 * width);
    share(signal.data(), &cut, &|data| repeat(column, data));
}

/// Two parts of a slice, where it has at least so many numbers.
fn halves<T>(data: &mut [T], least: usize, at: impl Fn(usize) -> usize) -> Cut<&mut [T]> {
    if data.len() < least {
        return Cut::One(data);
    }
    let (one, other) = data.split_at_mut(at(data.len()));
    Cut::Two(one, other)
}

/// Fills `data` with whole columns.
fn repeat<T: Real>(column: &[T], data: &mut [T]) {
    const MOST: usize = 4096; // numbers that are copied at once, from the first cache
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

/// `x ← f(x)`, number by number, in the registers of this processor: see [`vectorized`]. Many numbers
/// are shared with another thread.
#[inline]
pub fn map<T: Real>(x: &mut [T], f: impl Fn(T) -> T + Sync) {
    let work = |x: &mut [T]| {
        vectorized(
            #[inline(always)]
            || x.iter_mut().for_each(|x| *x = f(*x)),
        )
    };
    if x.len() < WORTH { work(x) } else { share(x, &|x| halves(x, WORTH, |n| n / 2), &work) }
}

/// `y ← f(y, x)`, number by number, in the registers of this processor: see [`vectorized`]. Many
/// numbers are shared with another thread.
#[inline]
pub fn combine<T: Real>(y: &mut [T], x: &[T], f: impl Fn(T, T) -> T + Sync) {
    let work = |(y, x): (&mut [T], &[T])| {
        vectorized(
            #[inline(always)]
            || y.iter_mut().zip(x).for_each(|(y, &x)| *y = f(*y, x)),
        );
    };
    if y.len() < WORTH { work((y, x)) } else { share((y, x), &pairs, &work) }
}

/// Two halves of two slices, where they are worth sharing.
fn pairs<'a, T>((y, x): (&'a mut [T], &'a [T])) -> Cut<(&'a mut [T], &'a [T])> {
    if y.len() < WORTH {
        return Cut::One((y, x));
    }
    let half = y.len() / 2;
    let ((y1, y2), (x1, x2)) = (y.split_at_mut(half), x.split_at(half.min(x.len())));
    Cut::Two((y1, x1), (y2, x2))
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
        for (rows, columns) in [(1, 1), (3, 7), (5, 1), (300, 333), (5000, 13), (WORTH, 3)] {
            let column: Vec<f32> = (0..rows).map(|i| i as f32).collect();
            let mut data = vec![f32::NAN; rows * columns];
            repeat_column(&column, &mut SignalMut::new(&mut data, rows));
            assert!(data.chunks(rows).all(|c| c == column));
        }
    }

    #[test]
    fn shared_work_is_the_same_work() {
        let start: Vec<f32> = (0..5 * WORTH / 2 + 7).map(|i| (i as f32 * 0.37).sin()).collect();
        let (mut y, mut x) = (start.clone(), start.clone());
        combine(&mut y, &start[1..], |y, x| y - x); // the last number has no partner
        map(&mut x, |x| 2.0 * x);
        for (i, &was) in start.iter().enumerate() {
            let partner = start.get(i + 1).copied().unwrap_or(0.0);
            assert_eq!((x[i], y[i]), (2.0 * was, was - partner));
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
