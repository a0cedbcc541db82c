//! Test objectives with known minima, for directions, searches and whole optimisers.
//!
//! Sources: Rosenbrock (1960), *An automatic method for finding the greatest or least value of a
//! function*, in the chained form of Moré, Garbow and Hillstrom (1981); the others by hand.

use tanren_plugin::{Ask, Block, BlockKind, Evaluation, Layout, Objective, Offers};
use tanren_tensor::{Real, Stream};

/// A trainable block that a test fills itself; its range is set when it is placed.
pub(crate) fn block(node: &str, name: &str, kind: BlockKind, rows: usize, cols: usize) -> Block {
    Block::new(node, name, kind, (rows, cols))
}

/// A weight of `rows × cols`, alone in its layout.
pub(crate) fn weight(rows: usize, cols: usize) -> Block {
    let (layout, _) = Layout::place(vec![block("node", "weight", BlockKind::Weight, rows, cols)]);
    layout.blocks()[0].clone()
}

/// `n` normal numbers of standard deviation `scale`, exact in single precision.
pub(crate) fn normals(stream: &str, sample: u64, n: usize, scale: f64) -> Vec<f64> {
    let mut draws = Stream::new(1, stream).sample(sample);
    (0..n).map(|_| f64::from((scale * draws.normal()) as f32)).collect()
}

#[derive(Clone, Copy, Debug)]
enum Form {
    Quadratic { condition: f64 },
    Rosenbrock,
    Logistic,
}

/// A function of `n` parameters with a known minimum.
#[derive(Clone, Debug)]
pub struct Problem {
    form: Form,
    layout: Layout,
    /// Calls of `evaluate` so far.
    pub evaluations: usize,
}

impl Problem {
    fn new(form: Form, n: usize) -> Self {
        Self { form, layout: Layout::vector(n), evaluations: 0 }
    }

    /// `½ Σ (xᵢ − 1)²`.
    #[must_use]
    pub fn sphere(n: usize) -> Self {
        Self::quadratic(n, 1.0)
    }

    /// `½ Σ λᵢ (xᵢ − 1)²` with curvatures λ from 1 to `condition`, in geometric steps.
    #[must_use]
    pub fn quadratic(n: usize, condition: f64) -> Self {
        Self::new(Form::Quadratic { condition }, n)
    }

    /// `Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²`: a curved valley. `n` is at least 2.
    #[must_use]
    pub fn rosenbrock(n: usize) -> Self {
        Self::new(Form::Rosenbrock, n)
    }

    /// `Σ ln(1 + e^xᵢ) − pᵢ xᵢ` with pᵢ = (i + 1) / (n + 1): convex, flat far from the minimum, as
    /// logistic regression is.
    #[must_use]
    pub fn logistic(n: usize) -> Self {
        Self::new(Form::Logistic, n)
    }

    /// All four, with `n ≥ 2` parameters.
    #[must_use]
    pub fn all(n: usize) -> [Self; 4] {
        [Self::sphere(n), Self::quadratic(n, 1e4), Self::rosenbrock(n), Self::logistic(n)]
    }

    fn n(&self) -> usize {
        self.layout.len()
    }

    /// The curvature λᵢ of a quadratic.
    fn curvature(&self, condition: f64, i: usize) -> f64 {
        condition.powf(i as f64 / (self.n().max(2) - 1) as f64)
    }

    fn probability(&self, i: usize) -> f64 {
        (i + 1) as f64 / (self.n() + 1) as f64
    }

    /// The customary point to start from.
    #[must_use]
    pub fn start(&self) -> Vec<f64> {
        let alternating = |i: usize| if i.is_multiple_of(2) { -1.2 } else { 1.0 };
        (0..self.n())
            .map(|i| match self.form {
                Form::Quadratic { .. } => -1.0,
                Form::Rosenbrock => alternating(i),
                Form::Logistic => 5.0,
            })
            .collect()
    }

    /// Where the minimum is.
    #[must_use]
    pub fn minimizer(&self) -> Vec<f64> {
        (0..self.n())
            .map(|i| match self.form {
                Form::Quadratic { .. } | Form::Rosenbrock => 1.0,
                Form::Logistic => (self.probability(i) / (1.0 - self.probability(i))).ln(),
            })
            .collect()
    }

    /// The least value.
    #[must_use]
    pub fn minimum(&self) -> f64 {
        self.value(&self.minimizer())
    }

    /// The value at `x`.
    #[must_use]
    pub fn value(&self, x: &[f64]) -> f64 {
        match self.form {
            Form::Quadratic { condition } => x
                .iter()
                .enumerate()
                .map(|(i, x)| 0.5 * self.curvature(condition, i) * (x - 1.0).powi(2))
                .sum(),
            Form::Rosenbrock => x
                .windows(2)
                .map(|x| 100.0 * (x[1] - x[0] * x[0]).powi(2) + (1.0 - x[0]).powi(2))
                .sum(),
            Form::Logistic => x
                .iter()
                .enumerate()
                .map(|(i, &x)| x.max(0.0) + (-x.abs()).exp().ln_1p() - self.probability(i) * x)
                .sum(),
        }
    }

    /// The gradient at `x`.
    #[must_use]
    pub fn gradient(&self, x: &[f64]) -> Vec<f64> {
        let mut g = vec![0.0; x.len()];
        for i in 0..x.len() {
            match self.form {
                Form::Quadratic { condition } => {
                    g[i] = self.curvature(condition, i) * (x[i] - 1.0);
                }
                Form::Rosenbrock if i + 1 < x.len() => {
                    let valley = x[i + 1] - x[i] * x[i];
                    g[i] += -400.0 * x[i] * valley - 2.0 * (1.0 - x[i]);
                    g[i + 1] += 200.0 * valley;
                }
                Form::Rosenbrock => {}
                Form::Logistic => g[i] = 1.0 / (1.0 + (-x[i]).exp()) - self.probability(i),
            }
        }
        g
    }
}

impl<T: Real> Objective<T> for Problem {
    fn offers(&self) -> Offers {
        Offers::BOTH
    }

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn evaluate(&mut self, parameters: &[T], ask: Ask<'_, T>) -> Evaluation {
        self.evaluations += 1;
        let x = crate::golden::double(parameters);
        if let Some(out) = ask.gradient {
            out.iter_mut().zip(self.gradient(&x)).for_each(|(o, g)| *o = T::of(g));
        }
        let penalty = ask.penalty.then_some(0.0);
        Evaluation { loss: Some(self.value(&x)), penalty }
    }
}
