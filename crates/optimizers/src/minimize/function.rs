//! A user's function as an objective, with its gradient or without.

use tanren_plugin::{Ask, Evaluation, Layout, Objective, Offers};
use tanren_tensor::nalgebra::DVector;

/// A function of a vector that counts its calls.
pub(super) trait Function {
    /// f(x).
    fn value(&mut self, x: &DVector<f64>) -> (f64, usize);
    /// f(x) and ∇f(x).
    fn gradient(&mut self, x: &DVector<f64>, gradient: &mut DVector<f64>) -> (f64, usize);
}

/// A function that gives its gradient; asked for a value it computes both.
pub(super) struct WithGradient<F> {
    function: F,
    unused: DVector<f64>,
}

impl<F> WithGradient<F> {
    pub(super) fn new(function: F) -> Self {
        Self { function, unused: DVector::zeros(0) }
    }
}

impl<F: FnMut(&DVector<f64>, &mut DVector<f64>) -> f64> Function for WithGradient<F> {
    fn value(&mut self, x: &DVector<f64>) -> (f64, usize) {
        if self.unused.len() != x.len() {
            self.unused = DVector::zeros(x.len());
        }
        ((self.function)(x, &mut self.unused), 1)
    }
    fn gradient(&mut self, x: &DVector<f64>, gradient: &mut DVector<f64>) -> (f64, usize) {
        ((self.function)(x, gradient), 1)
    }
}

/// A function whose gradient is measured: (f(x + h) − f(x − h)) / 2h for each number.
pub(super) struct Differences<F> {
    function: F,
    moved: DVector<f64>,
}

impl<F> Differences<F> {
    pub(super) fn new(function: F) -> Self {
        Self { function, moved: DVector::zeros(0) }
    }
}

impl<F: FnMut(&DVector<f64>) -> f64> Function for Differences<F> {
    fn value(&mut self, x: &DVector<f64>) -> (f64, usize) {
        ((self.function)(x), 1)
    }

    /// h = ∛ε max(|x|, 1) balances rounding, ε / h, and what is left of the series, h².
    fn gradient(&mut self, x: &DVector<f64>, gradient: &mut DVector<f64>) -> (f64, usize) {
        let Self { function, moved } = self;
        moved.clone_from(x);
        for i in 0..x.len() {
            let h = f64::EPSILON.cbrt() * x[i].abs().max(1.0);
            let mut beside = |to: f64| {
                moved[i] = to;
                (function(moved), to)
            };
            // The distance is that of the numbers as they are rounded.
            let ((above, far), (below, near)) = (beside(x[i] + h), beside(x[i] - h));
            gradient[i] = (above - below) / (far - near);
            moved[i] = x[i];
        }
        (function(x), 2 * x.len() + 1)
    }
}

/// A function of a vector as an objective.
pub(super) struct Given<'a> {
    layout: Layout,
    function: &'a mut dyn Function,
    point: DVector<f64>,
    gradient: DVector<f64>,
    evaluations: usize,
}

impl<'a> Given<'a> {
    pub(super) fn new(numbers: usize, function: &'a mut dyn Function) -> Self {
        let (point, gradient) = (DVector::zeros(numbers), DVector::zeros(numbers));
        Self { layout: Layout::vector(numbers), function, point, gradient, evaluations: 0 }
    }

    /// Calls of the function so far.
    pub(super) const fn evaluations(&self) -> usize {
        self.evaluations
    }
}

impl Objective<f64> for Given<'_> {
    fn offers(&self) -> Offers {
        Offers::BOTH
    }
    fn layout(&self) -> &Layout {
        &self.layout
    }
    fn fixed(&self) -> bool {
        true
    }

    fn evaluate(&mut self, parameters: &[f64], ask: Ask<'_, f64>) -> Evaluation {
        self.point.as_mut_slice().copy_from_slice(parameters);
        let (value, calls) = match ask.gradient {
            None => self.function.value(&self.point),
            Some(out) => {
                let found = self.function.gradient(&self.point, &mut self.gradient);
                out.copy_from_slice(self.gradient.as_slice());
                found
            }
        };
        self.evaluations += calls;
        Evaluation::loss(value)
    }
}
