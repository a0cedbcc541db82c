//! `backtracking`: the first α of a falling sequence with φ(α) ≤ φ(0) + c α φ′(0).
//!
//! φ the objective along the step, α the distance. The next α is the minimum of the parabola, then of the
//! cubic, through what is known, within a tenth and a half of the last. Sources: Armijo (1966),
//! *Minimization of functions having Lipschitz continuous first partial derivatives*; interpolation:
//! Dennis, Schnabel (1983), *Numerical methods for unconstrained optimization*, section 6.3.2.

use super::Seen;
use super::first_trial::{self, first_trial};
use super::interpolation::{cubic_of_values, quadratic};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Clock, Line, Offers, Point, Search, SearchFailure};

/// Goes back until the value has fallen enough. It asks for values only; nothing keeps it from steps
/// that are too short, as a condition on the slope would.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Backtracking {
    /// c, the share of the decrease that the slope promises; between 0 and 0.5.
    #[setting(above = 0, below = 0.5)]
    pub decrease: f64,
    /// The most evaluations of one search, at least 1.
    #[setting(from = 1)]
    pub evaluations: usize,
}

impl Default for Backtracking {
    fn default() -> Self {
        Self { decrease: 1e-4, evaluations: 40 }
    }
}

#[typetag::serde(name = "backtracking")]
impl Search for Backtracking {
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
        let (mut seen, mut before) = (Seen::new(start), None);
        for _ in 0..self.evaluations {
            let at = line.value(step);
            let finite = seen.look(at, false);
            if finite && at.value <= start.value + self.decrease * step * start.slope + resolution {
                first_trial::keep(memory, line, step);
                return Ok(at);
            }
            let next = match before {
                _ if !finite => 0.0,
                None => quadratic(start, at),
                Some(before) => cubic_of_values(start, at, before),
            };
            before = finite.then_some(at);
            // `max` and `min` pass over what is not a number.
            step = next.max(0.1 * step).min(0.5 * step);
        }
        Err(seen.failure())
    }
}
