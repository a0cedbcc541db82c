//! The objective along a direction, as a search sees it.

use crate::{Ask, Evaluation, Line, Objective, Point};
use tanren_tensor::{Real, advance, dot};

/// `φ(α) = f(θ + α d)`: every evaluation is of the same objective, so it sees the same batch and
/// the same noise.
pub(super) struct ObjectiveLine<'a, T> {
    pub(super) objective: &'a mut dyn Objective<T>,
    pub(super) parameters: &'a [T],
    pub(super) direction: &'a [T],
    pub(super) start: Point,
    /// Σ |∂f/∂θᵢ θᵢ| at the start: what rounding the parameters does to the value, in units of ε.
    pub(super) moves: f64,
    /// The step that the direction suggests.
    pub(super) suggested: Option<f64>,
    /// Room for θ + α d.
    pub(super) trial: &'a mut [T],
    /// Room for its gradient.
    pub(super) gradient: &'a mut [T],
    /// The points looked at, in order.
    pub(super) points: &'a mut Vec<Point>,
    /// What the last point is, where its gradient was asked for.
    pub(super) last: Option<Evaluation>,
}

impl<T: Real> ObjectiveLine<'_, T> {
    /// Goes there exactly as the step itself will.
    fn go(&mut self, step: f64) {
        self.trial.copy_from_slice(self.parameters);
        let trainable = self.direction.len();
        advance(T::of(step), self.direction, &mut self.trial[..trainable]);
    }

    fn looked(&mut self, point: Point, evaluation: Option<Evaluation>) -> Point {
        self.points.push(point);
        self.last = evaluation;
        point
    }
}

impl<T: Real> Line for ObjectiveLine<'_, T> {
    fn start(&self) -> Point {
        self.start
    }

    fn trial(&self) -> Option<f64> {
        self.suggested
    }

    fn resolution(&self) -> f64 {
        T::default_epsilon().f64() / 2.0 * (self.start.value.abs() + self.moves)
    }

    fn value(&mut self, step: f64) -> Point {
        self.go(step);
        let evaluation = self.objective.evaluate(self.trial, Ask { penalty: true, gradient: None });
        self.looked(Point { step, value: evaluation.value(), slope: f64::NAN }, None)
    }

    fn value_and_slope(&mut self, step: f64) -> Point {
        self.go(step);
        let ask = Ask { penalty: true, gradient: Some(self.gradient) };
        let evaluation = self.objective.evaluate(self.trial, ask);
        let slope = dot(&self.gradient[..self.direction.len()], self.direction);
        self.looked(Point { step, value: evaluation.value(), slope }, Some(evaluation))
    }
}
