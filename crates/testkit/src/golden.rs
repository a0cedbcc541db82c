//! Comparing numbers: with a reference, within a tolerance, and to the bit.

use crate::failure::{self, Failure, ensure};
use tanren_tensor::Real;

/// Asserts `|got − want| ≤ tolerance · max(1, |want|)` for every number of a reference.
///
/// # Panics
/// When the lengths or any numbers differ, naming the worst of them.
#[track_caller]
pub fn golden<T: Real>(got: &[T], want: &[f64], tolerance: f64) {
    failure::assert(compare("golden", got, want, tolerance));
}

/// What [`golden()`] asserts, as a value, under the name `rule`.
///
/// # Errors
/// When the lengths or any numbers differ: how many, and the worst of them.
pub fn compare<T: Real>(
    rule: &'static str,
    got: &[T],
    want: &[f64],
    tolerance: f64,
) -> Result<(), Failure> {
    ensure(got.len() == want.len(), rule, || {
        format!("{} numbers where {} are expected", got.len(), want.len())
    })?;
    let allowed = |w: f64| tolerance * w.abs().max(1.0);
    // How often the tolerance fits into the difference. NaN on either side counts as infinitely
    // wrong, and equal infinities as right.
    let wrong = |(g, &w): (&T, &f64)| match g.f64() - w {
        _ if g.f64() == w => 0.0,
        d if d.is_nan() => f64::INFINITY,
        d => d.abs() / allowed(w),
    };
    let ratios: Vec<f64> = got.iter().zip(want).map(wrong).collect();
    let Some((worst, &ratio)) = ratios.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)) else {
        return Ok(());
    };
    ensure(ratio <= 1.0, rule, || {
        format!(
            "{} of {} numbers differ; worst at {worst}: got {:e}, expected {:e}, off by {:e}, allowed {:e}",
            ratios.iter().filter(|&&r| r > 1.0).count(),
            want.len(),
            got[worst].f64(),
            want[worst],
            (got[worst].f64() - want[worst]).abs(),
            allowed(want[worst]),
        )
    })
}

/// `got` and `want` hold the same bits.
///
/// # Errors
/// The first number that differs.
pub fn same_bits<T: Real>(rule: &'static str, got: &[T], want: &[T]) -> Result<(), Failure> {
    ensure(got.len() == want.len(), rule, || {
        format!("{} numbers where {} are expected", got.len(), want.len())
    })?;
    let bits = |x: T| x.f64().to_bits(); // widening keeps every f32 apart, and −0 from 0
    let differs = (0..got.len()).find(|&i| bits(got[i]) != bits(want[i]));
    differs.map_or(Ok(()), |i| {
        let (g, w) = (got[i].f64(), want[i].f64());
        Err(Failure::new(
            rule,
            format!("number {i} is {g:e} and {w:e} in two runs that must agree to the bit"),
        ))
    })
}

/// Every number is finite.
pub(crate) fn finite<T: Real>(rule: &'static str, values: &[T]) -> Result<(), Failure> {
    let bad = values.iter().position(|x| !x.f64().is_finite());
    bad.map_or(Ok(()), |i| {
        let x = values[i].f64();
        Err(Failure::new(rule, format!("number {i} is {x}")))
    })
}

/// The numbers in double precision.
pub(crate) fn double<T: Real>(values: &[T]) -> Vec<f64> {
    values.iter().map(|x| x.f64()).collect()
}

/// The numbers in precision `T`.
pub(crate) fn of<T: Real>(values: &[f64]) -> Vec<T> {
    values.iter().map(|&x| T::of(x)).collect()
}
