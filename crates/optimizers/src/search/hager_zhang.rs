//! `hager-zhang`: an α that meets the conditions of Wolfe, or those of Hager and Zhang.
//!
//! φ the objective along the step, α the distance. Wolfe: φ(α) ≤ φ(0) + δ α φ′(0) and φ′(α) ≥ σ φ′(0). In
//! place of the first, φ′(α) ≤ (2δ − 1) φ′(0) and φ(α) ≤ φ(0) + ε |φ(0)|: the same on a parabola, but
//! known to more digits near a minimum, where values differ by rounding only. Source: Hager, Zhang
//! (2006), *Algorithm 851: CG_DESCENT, a conjugate gradient method with guaranteed descent*, section 2;
//! its names of procedures and constants are kept.

use super::Seen;
use super::first_trial::{self, first_trial, usual_curvature};
use super::interpolation::secant;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Clock, Line, Offers, Point, Search, SearchFailure, SettingError};

/// γ: the share of an interval that may be left by two secants; else it is halved.
const GAMMA: f64 = 0.66;
/// ρ: how much farther each trial goes until the line rises.
const RHO: f64 = 5.0;

/// Finds steps to the last digit: slopes, rather than values, say where the minimum is.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
#[setting(also = ordered)]
pub struct HagerZhang {
    /// δ, the share of the decrease that the slope promises; between 0 and 0.5.
    #[setting(above = 0, below = 0.5)]
    pub delta: f64,
    /// σ, the share of the slope that may be left; at least δ and below 1. Unless said, 0.9 where the
    /// direction knows its own length, as L-BFGS does, and else 0.1.
    #[setting(above = 0, below = 1)]
    pub sigma: Option<f64>,
    /// ε, the relative error of values: φ may rise by ε |φ(0)|; in [0, 1).
    #[setting(from = 0, below = 1)]
    pub epsilon: f64,
    /// The most evaluations of one search, at least 1. A point whose value has fallen enough is taken
    /// then.
    #[setting(from = 1)]
    pub evaluations: usize,
}

impl Default for HagerZhang {
    /// The values of CG_DESCENT, but for σ.
    fn default() -> Self {
        Self { delta: 0.1, sigma: None, epsilon: 1e-6, evaluations: 50 }
    }
}

fn ordered(search: &HagerZhang) -> Result<(), SettingError> {
    let HagerZhang { delta, sigma, .. } = *search;
    match sigma.filter(|&sigma| sigma < delta) {
        None => Ok(()),
        Some(sigma) => Err(SettingError::new("sigma", format!("at least `delta`, {delta}"), sigma)),
    }
}

#[typetag::serde(name = "hager-zhang")]
impl Search for HagerZhang {
    fn needs(&self) -> Offers {
        Offers::BOTH
    }
    fn rate(&self, _: Clock) -> Option<f64> {
        None
    }
    fn memory(&self) -> usize {
        first_trial::MEMORY
    }

    fn search(
        &self,
        _: Clock,
        line: &mut dyn Line,
        memory: &mut [f64],
    ) -> Result<Point, SearchFailure> {
        let start = line.start();
        let first = first_trial(line, memory)?;
        let most = start.value + self.epsilon * start.value.abs();
        let sigma = self.sigma.unwrap_or(usual_curvature(line)).max(self.delta);
        let (delta, seen) = (self.delta, Seen::new(start));
        let mut look = Look { delta, sigma, line, seen, most, left: self.evaluations };
        let found = look.narrow(first);
        let Look { line, seen, .. } = look;
        let enough = |p: &Point| p.value <= start.value + self.delta * p.step * start.slope;
        match found.accepted().or(seen.best.filter(enough)) {
            Some(point) => {
                first_trial::keep(memory, line, point.step);
                Ok(point)
            }
            None => Err(seen.failure()),
        }
    }
}

/// How a part of a search ends early.
enum Halt {
    /// With a step.
    Accepted(Point),
    /// Without.
    Exhausted,
}

/// An interval, or an early end.
type Narrowed = Result<(Point, Point), Halt>;

impl Halt {
    fn accepted(self) -> Option<Point> {
        match self {
            Self::Accepted(point) => Some(point),
            Self::Exhausted => None,
        }
    }
}

/// A search on its way.
struct Look<'a> {
    delta: f64,
    sigma: f64,
    line: &'a mut dyn Line,
    seen: Seen,
    /// φ(0) + ε |φ(0)|
    most: f64,
    /// Evaluations that are left.
    left: usize,
}

impl Look<'_> {
    /// φ and φ′ at a step; the end of the search if that is one to take, or if it was the last.
    fn at(&mut self, step: f64) -> Result<Point, Halt> {
        let Self { delta, sigma, .. } = *self;
        let left = self.left.checked_sub(1).ok_or(Halt::Exhausted)?;
        self.left = left;
        let (start, p) = (self.seen.start, self.line.value_and_slope(step));
        let finite = self.seen.look(p, true);
        let wolfe = p.value <= start.value + delta * step * start.slope;
        let nearly = p.value <= self.most && p.slope <= (2.0 * delta - 1.0) * start.slope;
        match finite && (wolfe || nearly) && p.slope >= sigma * start.slope {
            true => Err(Halt::Accepted(p)),
            false => Ok(p),
        }
    }

    /// Whether the line goes down at a point that is no higher than the start.
    fn left_end(&self, p: Point) -> bool {
        p.slope < 0.0 && p.value <= self.most
    }

    /// Narrows down an interval, L0 to L3, until a step is accepted.
    fn narrow(&mut self, first: f64) -> Halt {
        let mut interval = match self.bracket(first) {
            Ok(interval) => interval,
            Err(halt) => return halt,
        };
        loop {
            let (a, b) = interval;
            interval = match self.secants(a, b) {
                Ok((low, high)) if high.step - low.step > GAMMA * (b.step - a.step) => {
                    match self.update(low, high, f64::midpoint(low.step, high.step)) {
                        Ok(halved) => halved,
                        Err(halt) => return halt,
                    }
                }
                Ok(narrower) => narrower,
                Err(halt) => return halt,
            };
            let (a, b) = interval;
            if b.step - a.step <= 4.0 * f64::EPSILON * b.step {
                return Halt::Exhausted;
            }
        }
    }

    /// `bracket`, B0 to B3: an interval that goes down at its left end and up at its right.
    fn bracket(&mut self, first: f64) -> Narrowed {
        let (mut low, mut step) = (self.seen.start, first);
        loop {
            let c = self.at(step)?;
            if c.slope >= 0.0 && c.value.is_finite() {
                return Ok((low, c));
            }
            if !self.left_end(c) {
                let start = self.seen.start;
                return self.bisect(start, c);
            }
            (low, step) = (c, RHO * step);
        }
    }

    /// U3: from a line that is high but goes down at its right end, or is not finite there.
    fn bisect(&mut self, mut a: Point, mut b: Point) -> Narrowed {
        loop {
            let d = self.at(f64::midpoint(a.step, b.step))?;
            if d.slope >= 0.0 && d.value.is_finite() {
                return Ok((a, d));
            }
            match self.left_end(d) {
                true => a = d,
                false => b = d,
            }
            if b.step - a.step <= 4.0 * f64::EPSILON * b.step {
                return Err(Halt::Exhausted);
            }
        }
    }

    /// `update`, U0 to U3: takes in the step `c`.
    fn update(&mut self, a: Point, b: Point, c: f64) -> Narrowed {
        if !(c > a.step && c < b.step) {
            return Ok((a, b));
        }
        let c = self.at(c)?;
        if c.slope >= 0.0 && c.value.is_finite() {
            Ok((a, c))
        } else if self.left_end(c) {
            Ok((c, b))
        } else {
            self.bisect(a, c)
        }
    }

    /// `secant²`, S1 to S4.
    fn secants(&mut self, a: Point, b: Point) -> Narrowed {
        let c = secant(a, b);
        let (low, high) = self.update(a, b, c)?;
        let again = if c == high.step {
            secant(b, high)
        } else if c == low.step {
            secant(a, low)
        } else {
            return Ok((low, high));
        };
        self.update(low, high, again)
    }
}
