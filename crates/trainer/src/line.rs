//! The objective along a direction, as a search sees it.

use tanren_plugin::{Ask, Line, Objective, Point};
use tanren_tensor::{Real, dot};

/// `φ(α) = f(θ + α d)`: every evaluation is of the same objective, so it sees the same batch and
/// the same noise.
pub(crate) struct ObjectiveLine<'a, T, O: ?Sized> {
    pub(crate) objective: &'a mut O,
    pub(crate) parameters: &'a [T],
    pub(crate) direction: &'a [T],
    pub(crate) start: Point,
    /// Room for θ + α d.
    pub(crate) trial: &'a mut [T],
    /// Room for its gradient.
    pub(crate) gradient: &'a mut [T],
}

impl<T: Real, O: Objective<T> + ?Sized> ObjectiveLine<'_, T, O> {
    fn go(&mut self, step: f64) {
        self.trial.copy_from_slice(self.parameters);
        let alpha = T::of(step);
        for (t, &d) in self.trial.iter_mut().zip(self.direction) {
            *t += alpha * d;
        }
    }
}

impl<T: Real, O: Objective<T> + ?Sized> Line for ObjectiveLine<'_, T, O> {
    fn start(&self) -> Point {
        self.start
    }

    fn value(&mut self, step: f64) -> Point {
        self.go(step);
        let evaluation = self.objective.evaluate(self.trial, Ask { penalty: true, gradient: None });
        Point { step, value: evaluation.value(), slope: f64::NAN }
    }

    fn value_and_slope(&mut self, step: f64) -> Point {
        self.go(step);
        let ask = Ask { penalty: true, gradient: Some(self.gradient) };
        let evaluation = self.objective.evaluate(self.trial, ask);
        let slope = dot(&self.gradient[..self.direction.len()], self.direction);
        Point { step, value: evaluation.value(), slope }
    }
}
