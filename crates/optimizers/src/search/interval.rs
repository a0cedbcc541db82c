//! `Interval`: where a search by Moré and Thuente looks, and where it looks next.
//!
//! l is the end of least value, u the other end, t the trial. Source: Moré, Thuente (1994), *Line search
//! algorithms with guaranteed sufficient decrease*, sections 2 and 4; how far steps are extrapolated, and
//! the choice of the longer of two there, as in their program of MINPACK-2.

use super::interpolation::{cubic, quadratic, secant};
use tanren_plugin::Point;

/// The share of an interval that may be left after two trials, and the part of the way to u within
/// which a trial that extrapolates stays.
const SHRINK: f64 = 0.66;
/// The least and the most that a trial goes on, as multiples of the last way.
const FARTHER: [f64; 2] = [1.1, 4.0];

/// An interval, of which only one end is known at first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interval {
    /// l
    pub(super) low: Point,
    /// u, where a minimum lies between both.
    pub(super) other: Option<Point>,
    /// The lengths before this and the last trial.
    lengths: [f64; 2],
    /// No step is longer.
    most: f64,
    /// Values that differ by less count as equal.
    resolution: f64,
}

impl Interval {
    /// From the start of a line on.
    pub(super) const fn new(start: Point, resolution: f64) -> Self {
        let lengths = [f64::INFINITY; 2];
        Self { low: start, other: None, lengths, most: f64::MAX, resolution }
    }

    /// Whether nothing is left between the ends.
    pub(super) fn collapsed(&self) -> bool {
        self.other.is_some_and(|other| {
            let [a, b] = [self.low.step, other.step];
            (a - b).abs() <= 4.0 * f64::EPSILON * a.max(b)
        })
    }

    /// The next step to try where the line is not finite at `step`: no trial goes so far again.
    pub(super) fn back_from(&mut self, step: f64) -> f64 {
        self.most = step;
        self.low.step + 0.1 * (step - self.low.step)
    }

    /// Takes in the trial `t`, and says which step to try next. Of the interval and `t` the values and
    /// slopes are less `tilt` times the step.
    pub(super) fn next(&mut self, t: Point, tilt: f64) -> f64 {
        let tilted =
            |p: Point| Point { value: p.value - tilt * p.step, slope: p.slope - tilt, ..p };
        let (low, at) = (tilted(self.low), tilted(t));
        let trial = self.trial(low, at, self.other.map(tilted));
        if at.value > low.value + self.resolution {
            self.other = Some(t);
        } else {
            if at.slope * low.slope < 0.0 {
                self.other = Some(self.low);
            }
            self.low = t;
        }
        match self.other {
            None => {
                let [least, most] = FARTHER.map(|factor| t.step + factor * (t.step - low.step));
                // Up to a step that is known to be too long, but not there again.
                let wall = t.step + 0.9 * (self.most - t.step);
                let trial = if trial.is_nan() { most } else { trial.clamp(least, most) };
                trial.min(wall)
            }
            Some(other) => {
                let length = (other.step - self.low.step).abs();
                let slow = length >= SHRINK * self.lengths[1];
                self.lengths = [length, self.lengths[0]];
                let (a, b) = (self.low.step.min(other.step), self.low.step.max(other.step));
                let inside = trial > a && trial < b;
                if slow || !inside { f64::midpoint(a, b) } else { trial }
            }
        }
    }

    /// The four cases of section 4.
    fn trial(&self, low: Point, at: Point, other: Option<Point>) -> f64 {
        let (l, t) = (low.step, at.step);
        let far = if t > l { f64::MAX } else { f64::MIN };
        let nearer = |to: f64, a: f64, b: f64| if (a - to).abs() < (b - to).abs() { a } else { b };
        if at.value > low.value + self.resolution {
            let (c, q) = (cubic(low, at), quadratic(low, at));
            if (c - l).abs() < (q - l).abs() { c } else { f64::midpoint(c, q) }
        } else if at.slope * low.slope < 0.0 {
            let (c, s) = (cubic(low, at), secant(low, at));
            if (c - t).abs() > (s - t).abs() { c } else { s } // the longer step
        } else if at.slope.abs() <= low.slope.abs() {
            let (c, s) = (cubic(low, at), secant(low, at));
            // The cubic counts where it rises beyond t.
            let c = if (c - t) * (t - l) > 0.0 { c } else { far };
            match other {
                None => nearer(far, c, s),
                Some(other) => {
                    let u = other.step;
                    let (trial, most) = (nearer(t, c, s), t + SHRINK * (u - t));
                    if t > l { trial.min(most) } else { trial.max(most) }
                }
            }
        } else {
            other.map_or(far, |other| cubic(at, other))
        }
    }
}
