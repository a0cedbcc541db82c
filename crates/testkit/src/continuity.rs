//! Jumps of functions of one variable, found by bisection.

use crate::Failure;
use std::fmt;

/// A change over 1e-9 that is larger than this, relative to max(1, |value|), is a jump.
const JUMP: f64 = 1e-3;
/// Where bisection ends.
const NARROW: f64 = 1e-9;

/// Two neighbouring points with different values.
pub(crate) struct Jump {
    at: f64,
    number: usize,
    low: f64,
    high: f64,
}

impl fmt::Display for Jump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, number, low, high } = self;
        write!(f, "number {number} jumps from {low:e} to {high:e} at {at:e} of the way")
    }
}

/// Looks for a jump of any number of `at` between 0 and 1. Each interval over which a number
/// changes is halved, and the half with the greater change is followed: what is left of the
/// change at the end is a jump.
pub(crate) fn jump(
    intervals: u32,
    at: &mut dyn FnMut(f64) -> Result<Vec<f64>, Failure>,
) -> Result<Option<Jump>, Failure> {
    // Shifted, so that no kink in the middle of the way falls on a border.
    let border = |i: u32| (f64::from(i) + 0.123_4) / (f64::from(intervals) + 0.246_8);
    let (mut from, mut first) = (0.0, at(0.0)?);
    for i in 0..=intervals + 1 {
        let to = border(i).min(1.0);
        let last = at(to)?;
        let (mut left, mut right) = (from, to);
        let (mut low, mut high) = (first, last.clone());
        while right - left > NARROW && change(&low, &high).1 > JUMP {
            let middle = f64::midpoint(left, right);
            let value = at(middle)?;
            if change(&low, &value).1 > change(&value, &high).1 {
                (right, high) = (middle, value);
            } else {
                (left, low) = (middle, value);
            }
        }
        let (number, size) = change(&low, &high);
        if size > JUMP {
            return Ok(Some(Jump { at: left, number, low: low[number], high: high[number] }));
        }
        (from, first) = (to, last);
    }
    Ok(None)
}

/// The number that changes most, and by how much.
fn change(a: &[f64], b: &[f64]) -> (usize, f64) {
    let sizes = a.iter().zip(b).map(|(a, b)| (a - b).abs() / a.abs().max(b.abs()).max(1.0));
    sizes.enumerate().fold((0, 0.0), |most, next| if next.1 > most.1 { next } else { most })
}
