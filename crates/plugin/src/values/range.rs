//! `Range`: which numbers a setting may be.

use std::fmt;
use std::ops::Bound::{self, Excluded, Included, Unbounded};

/// The finite numbers between two bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The lower bound.
    pub low: Bound<f64>,
    /// The upper bound.
    pub high: Bound<f64>,
}

impl Range {
    /// All finite numbers.
    pub const ANY: Self = Self { low: Unbounded, high: Unbounded };

    /// Whether a number is one of them. NaN and infinity never are.
    #[must_use]
    pub fn holds(&self, x: f64) -> bool {
        let above = match self.low {
            Included(low) => x >= low,
            Excluded(low) => x > low,
            Unbounded => true,
        };
        let below = match self.high {
            Included(high) => x <= high,
            Excluded(high) => x < high,
            Unbounded => true,
        };
        x.is_finite() && above && below
    }

    /// The range in words, of whole numbers: `at least 1`.
    #[must_use]
    pub fn whole(&self) -> String {
        match (self.low, self.high) {
            (Included(low), Included(high)) if low == high => low.to_string(),
            (Included(low), Included(high)) => format!("from {low} to {high}"),
            (Included(low), Unbounded) => format!("at least {low}"),
            (Unbounded, Included(high)) => format!("at most {high}"),
            (Unbounded, Unbounded) => "a whole number".to_owned(),
            _ => self.to_string().replace("number", "whole number"),
        }
    }
}

/// The range in words: `a finite number above 0`.
impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.low, self.high) {
            (Unbounded, Unbounded) => f.write_str("a finite number"),
            (Included(low), Unbounded) => write!(f, "a finite number from {low} on"),
            (Excluded(low), Unbounded) => write!(f, "a finite number above {low}"),
            (Unbounded, Included(high)) => write!(f, "a finite number up to {high}"),
            (Unbounded, Excluded(high)) => write!(f, "a finite number below {high}"),
            (Included(low), Included(high)) => write!(f, "a number from {low} to {high}"),
            (Included(low), Excluded(high)) => write!(f, "a number from {low} to below {high}"),
            (Excluded(low), Included(high)) => write!(f, "a number above {low}, up to {high}"),
            (Excluded(low), Excluded(high)) => write!(f, "a number above {low} and below {high}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_hold_and_are_said() {
        let unit = Range { low: Included(0.0), high: Excluded(1.0) };
        assert!(unit.holds(0.0) && unit.holds(0.99) && !unit.holds(1.0) && !unit.holds(-0.1));
        assert_eq!(unit.to_string(), "a number from 0 to below 1");
        assert_eq!(unit.whole(), "a whole number from 0 to below 1");
        let positive = Range { low: Excluded(0.0), ..Range::ANY };
        assert!(positive.holds(5e-324) && !positive.holds(0.0));
        for x in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(!positive.holds(x) && !Range::ANY.holds(x));
        }
        assert_eq!(positive.to_string(), "a finite number above 0");
        assert_eq!(Range { low: Included(1.0), ..Range::ANY }.whole(), "at least 1");
    }
}
