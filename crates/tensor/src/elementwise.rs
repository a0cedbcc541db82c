//! Element-wise kernels: what activations, losses and updaters do to a slice.

use crate::{Real, Write};

/// `y ← a·x` or `y ← y + a·x`.
pub fn add_scaled<T: Real>(write: Write, a: T, x: &[T], y: &mut [T]) {
    match write {
        Write::Overwrite => y.iter_mut().zip(x).for_each(|(y, &x)| *y = a * x),
        Write::Add => y.iter_mut().zip(x).for_each(|(y, &x)| *y += a * x),
    }
}

/// `y ← y + a·x`, and 0 where that is [tiny](Real::TINY).
pub fn advance<T: Real>(a: T, x: &[T], y: &mut [T]) {
    y.iter_mut().zip(x).for_each(|(y, &x)| *y = (*y + a * x).or_zero(T::TINY));
}

/// `x ← eˣ`.
pub fn exp<T: Real>(x: &mut [T]) {
    x.iter_mut().for_each(|x| *x = x.exp());
}

/// `x ← tanh x`.
pub fn tanh<T: Real>(x: &mut [T]) {
    x.iter_mut().for_each(|x| *x = x.tanh());
}

/// `x ← σ(x) = 1 / (1 + e⁻ˣ)`, without overflow for any x.
pub fn sigmoid<T: Real>(x: &mut [T]) {
    x.iter_mut().for_each(|x| {
        // e^−|x| never overflows; σ(−x) = 1 − σ(x) serves the negative half without cancellation.
        let e = (-x.abs()).exp();
        let numerator = if *x >= T::ZERO { T::ONE } else { e };
        *x = numerator / (T::ONE + e);
    });
}

/// `x ← ln(1 + eˣ)`, without overflow or loss of small values.
pub fn softplus<T: Real>(x: &mut [T]) {
    x.iter_mut().for_each(|x| *x = softplus_scalar(*x));
}

/// `ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|)`.
#[must_use]
pub fn softplus_scalar<T: Real>(x: T) -> T {
    x.max(T::ZERO) + (-x.abs()).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

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
