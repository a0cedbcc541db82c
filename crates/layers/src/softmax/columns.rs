//! What the layers of this family compute, column by column.

use tanren_tensor::{Real, Signal, SignalMut, Write, combine, dot, exp, map, max, sum};

/// `Y ← e^(s x − m) / Σ e^(s x − m)`, m = max s x, which cancels and keeps e^ finite; s is 1 or −1.
pub(super) fn distributions<T: Real>(sign: T, x: Signal<'_, T>, y: &mut SignalMut<'_, T>) {
    for (x, y) in x.iter().zip(y.iter_mut()) {
        combine(y, x, |_, x| sign * x);
        let m = max(y);
        map(y, |y| y - m);
    }
    exp(y.data());
    for y in y.iter_mut() {
        let scale = T::of(1.0 / sum(y));
        map(y, |y| y * scale);
    }
}

/// `∂X ← s Y ⊙ (∂Y − Yᵀ∂Y)`, or adds that.
pub(super) fn pull_back<T: Real>(
    sign: T,
    y: Signal<'_, T>,
    dy: Signal<'_, T>,
    (write, mut dx): (Write, SignalMut<'_, T>),
) {
    for ((y, dy), dx) in y.iter().zip(dy.iter()).zip(dx.iter_mut()) {
        let mean = T::of(dot(y, dy));
        let terms = y.iter().zip(dy).map(|(&y, &dy)| sign * y * (dy - mean));
        put(write, terms, dx);
    }
}

/// Writes numbers, or adds them to those that are there.
pub(super) fn put<T: Real>(write: Write, terms: impl Iterator<Item = T>, dx: &mut [T]) {
    match write {
        Write::Overwrite => dx.iter_mut().zip(terms).for_each(|(dx, t)| *dx = t),
        Write::Add => dx.iter_mut().zip(terms).for_each(|(dx, t)| *dx += t),
    }
}
