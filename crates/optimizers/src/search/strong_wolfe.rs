//! `strong-wolfe`: an α with φ(α) ≤ φ(0) + c₁ α φ′(0) and |φ′(α)| ≤ c₂ |φ′(0)|.
//!
//! φ the objective along the step, α the distance. Source: Moré, Thuente (1994), *Line search algorithms
//! with guaranteed sufficient decrease*: first the minimum of ψ(α) = φ(α) − φ(0) − c₁ α φ′(0) is looked
//! for, and once ψ was below 0 with a rising φ, that of φ. What differs by less than the resolution of
//! values counts as equal, so that the search ends near a minimum too.

use super::Seen;
use super::first_trial::{self, first_trial, usual_curvature};
use super::interval::Interval;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Clock, Line, Offers, Point, Search, SearchFailure, SettingError};

/// Goes until the value has fallen enough and the slope is nearly level. The search for conjugate
/// gradients and L-BFGS.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
#[setting(also = ordered)]
pub struct StrongWolfe {
    /// c₁, the share of the decrease that the slope promises; between 0 and 0.5.
    #[setting(above = 0, below = 0.5)]
    pub decrease: f64,
    /// c₂, the share of the slope that may be left; above `decrease` and below 1. Unless said, 0.9 where
    /// the direction knows its own length, as L-BFGS does, and else 0.1.
    #[setting(above = 0, below = 1)]
    pub curvature: Option<f64>,
    /// The most evaluations of one search, at least 1. A point that meets the first condition is taken
    /// then.
    #[setting(from = 1)]
    pub evaluations: usize,
}

impl Default for StrongWolfe {
    fn default() -> Self {
        Self { decrease: 1e-4, curvature: None, evaluations: 40 }
    }
}

fn ordered(search: &StrongWolfe) -> Result<(), SettingError> {
    let (c1, c2) = (search.decrease, search.curvature);
    match c2.filter(|&c2| c2 <= c1) {
        None => Ok(()),
        Some(c2) => Err(SettingError::new("curvature", format!("above `decrease`, {c1}"), c2)),
    }
}

#[typetag::serde(name = "strong-wolfe")]
impl Search for StrongWolfe {
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
        let (start, resolution) = (line.start(), line.resolution());
        let mut step = first_trial(line, memory)?;
        let curvature = self.curvature.unwrap_or(usual_curvature(line)).max(self.decrease);
        let level = -curvature * start.slope;
        let tilt = self.decrease * start.slope;
        let enough = |p: Point| p.value <= start.value + tilt * p.step + resolution;
        let mut interval = Interval::new(start, resolution);
        let (mut seen, mut of_psi) = (Seen::new(start), true);
        for _ in 0..self.evaluations {
            let at = line.value_and_slope(step);
            if !seen.look(at, true) {
                step = interval.back_from(step);
                continue;
            }
            if enough(at) && at.slope.abs() <= level {
                first_trial::keep(memory, line, step);
                return Ok(at);
            }
            of_psi &= !(enough(at) && at.slope >= 0.0);
            // ψ tells points apart where φ has fallen, but not enough.
            let tilted = of_psi && at.value <= interval.low.value && !enough(at);
            step = interval.next(at, if tilted { tilt } else { 0.0 });
            if interval.collapsed() {
                break;
            }
        }
        match seen.best.filter(|&best| enough(best)) {
            Some(best) => {
                first_trial::keep(memory, line, best.step);
                Ok(best)
            }
            None => Err(seen.failure()),
        }
    }
}
