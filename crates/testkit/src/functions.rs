//! Standard test functions for whole optimisers, each a formula from which its gradient follows.
//!
//! Most are sums of squares from Moré, Garbow, Hillstrom (1981), *Testing unconstrained optimization
//! software*, ACM Transactions on Mathematical Software 7, by its numbers; that page also gives the
//! starts and the least values.

mod collection;
mod data;
mod more;
mod tape;

pub use collection::collection;
pub use more::{others, scattered};
pub use tape::Var;

use tanren_plugin::{Ask, Evaluation, Layout, Objective, Offers};
use tanren_tensor::Real;
use tape::{Tape, sum};

/// A formula.
type Formula = for<'t> fn(&[Var<'t>]) -> Var<'t>;
/// The residuals of a sum of squares.
type Residuals = for<'t> fn(&[Var<'t>]) -> Vec<Var<'t>>;

#[derive(Clone, Copy, Debug)]
enum Form {
    Plain(Formula),
    Squares(Residuals),
}

/// A function of a vector, with the point from which it is usually minimised.
#[derive(Clone, Debug)]
pub struct Function {
    /// What it is called.
    pub name: &'static str,
    /// The standard start.
    pub start: Vec<f64>,
    form: Form,
    layout: Layout,
    /// Calls of `evaluate` so far.
    pub evaluations: usize,
}

impl Function {
    fn new(name: &'static str, start: Vec<f64>, form: Form) -> Self {
        let layout = Layout::vector(start.len());
        Self { name, start, form, layout, evaluations: 0 }
    }

    /// A formula.
    fn plain(name: &'static str, start: Vec<f64>, formula: Formula) -> Self {
        Self::new(name, start, Form::Plain(formula))
    }

    /// Σ rᵢ².
    fn squares(name: &'static str, start: Vec<f64>, residuals: Residuals) -> Self {
        Self::new(name, start, Form::Squares(residuals))
    }

    /// The value at `x`, and the gradient, which is written where it is asked for.
    ///
    /// # Panics
    /// When the gradient is of another length than `x`.
    pub fn at(&self, x: &[f64], gradient: Option<&mut [f64]>) -> f64 {
        let tape = Tape::default();
        let variables = tape.variables(x);
        let value = match self.form {
            Form::Plain(formula) => Some(formula(&variables)),
            Form::Squares(residuals) => sum(residuals(&variables).into_iter().map(Var::square)),
        };
        let Some(value) = value else { return 0.0 };
        if let Some(gradient) = gradient {
            gradient.copy_from_slice(&tape.gradient(value, x.len()));
        }
        value.value
    }
}

impl<T: Real> Objective<T> for Function {
    fn offers(&self) -> Offers {
        Offers::BOTH
    }

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn fixed(&self) -> bool {
        true
    }

    fn evaluate(&mut self, parameters: &[T], ask: Ask<'_, T>) -> Evaluation {
        self.evaluations += 1;
        let x = crate::golden::double(parameters);
        let value = match ask.gradient {
            None => self.at(&x, None),
            Some(out) => {
                let mut gradient = vec![0.0; x.len()];
                let value = self.at(&x, Some(&mut gradient));
                out.iter_mut().zip(gradient).for_each(|(out, g)| *out = T::of(g));
                value
            }
        };
        Evaluation { loss: Some(value), penalty: ask.penalty.then_some(0.0) }
    }
}
