//! Numbers between two others: what every schedule with two ends is made of.

use std::f64::consts::PI;

/// a + w (b − a), with w from 0 to 1: exactly a and b at the ends, and never outside them.
pub(super) fn between(a: f64, b: f64, w: f64) -> f64 {
    a.mul_add(1.0 - w, b * w).clamp(a.min(b), a.max(b))
}

/// From a to b in half a wave of the cosine: w′ = (1 − cos πw) / 2.
pub(super) fn wave(a: f64, b: f64, w: f64) -> f64 {
    between(a, b, 0.5 * (1.0 - (PI * w).cos()))
}

/// The smaller and the larger of two numbers.
pub(super) fn ends(a: f64, b: f64) -> (f64, f64) {
    (a.min(b), a.max(b))
}

/// t / n, at most 1: the part of n units that is over.
pub(super) fn part(t: u64, n: u64) -> f64 {
    if t >= n { 1.0 } else { t as f64 / n as f64 }
}
