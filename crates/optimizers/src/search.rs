//! Searches: how far to go along a direction.

mod backtracking;
mod first_trial;
mod hager_zhang;
mod interpolation;
mod interval;
mod learning_rate;
mod strong_wolfe;

pub use backtracking::Backtracking;
pub use hager_zhang::HagerZhang;
pub use learning_rate::LearningRate;
pub use strong_wolfe::StrongWolfe;

use tanren_plugin::{Point, SearchFailure};

/// What a search that looks has seen.
#[derive(Debug)]
struct Seen {
    start: Point,
    /// The lowest point below the start.
    best: Option<Point>,
    /// Whether any value was a number.
    finite: bool,
    /// The smallest step tried.
    least: f64,
}

impl Seen {
    const fn new(start: Point) -> Self {
        Self { start, best: None, finite: false, least: f64::INFINITY }
    }

    /// Takes note of a point; whether its value and its slope, where it has one, are numbers.
    fn look(&mut self, point: Point, slope: bool) -> bool {
        self.least = self.least.min(point.step);
        let finite = point.value.is_finite() && (!slope || point.slope.is_finite());
        self.finite |= finite;
        let bar = self.best.unwrap_or(self.start).value;
        if finite && point.value < bar {
            self.best = Some(point);
        }
        finite
    }

    /// Why nothing was accepted.
    const fn failure(self) -> SearchFailure {
        match self.finite {
            true => SearchFailure::Exhausted { best: self.best },
            false => SearchFailure::NotFinite { step: self.least },
        }
    }
}
