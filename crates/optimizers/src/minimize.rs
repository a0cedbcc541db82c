//! `Minimizer`: the minimum of a function of yours, without a network or a trainer.

mod ending;
mod function;

pub use ending::Ending;

use crate::{Lbfgs, StrongWolfe};
use function::{Differences, Function, Given, WithGradient};
use tanren_plugin::{
    Aimed, Clock, Direction, Fallback, Motion, MotionState, Moving, Objective, Plugin, Search,
    SettingError, StepOutcome, Stepper, Updater,
};
use tanren_tensor::nalgebra::DVector;

/// Steps without a lower value or a smaller gradient after which a minimisation is over.
const STALLED: usize = 20;

/// Minimises functions of a vector: L-BFGS with a strong Wolfe search, unless it is told otherwise.
///
/// ```
/// use tanren_optimizers::Minimizer;
///
/// // f(x, y) = 100 (y − x²)² + (1 − x)², and its gradient
/// let found = Minimizer::new().minimize(vec![-1.2, 1.0], |x, gradient| {
///     let (valley, left) = (x[1] - x[0] * x[0], 1.0 - x[0]);
///     gradient[0] = -400.0 * x[0] * valley - 2.0 * left;
///     gradient[1] = 200.0 * valley;
///     100.0 * valley * valley + left * left
/// });
/// assert!(found.converged(), "{found}");
/// assert!((found.point.add_scalar(-1.0)).amax() < 1e-6);
/// ```
#[derive(Clone, Debug)]
pub struct Minimizer {
    /// Where to go.
    pub direction: Plugin<dyn Direction>,
    /// What shapes the step, in order; usually nothing.
    pub updaters: Vec<Aimed<dyn Updater>>,
    /// How far to go.
    pub search: Plugin<dyn Search>,
    /// The minimum is found where no number of the gradient is larger than this; 1e-5 unless said.
    pub tolerance: f64,
    /// The most steps; 10,000 unless said.
    pub steps: usize,
    /// The most evaluations of the function; as many as it takes unless said.
    pub evaluations: usize,
}

/// What a minimisation found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Minimum {
    /// Where it ended.
    pub point: DVector<f64>,
    /// The value there.
    pub value: f64,
    /// The gradient there.
    pub gradient: DVector<f64>,
    /// Steps taken.
    pub steps: usize,
    /// Calls of the function. A gradient by differences takes two for each number, and one more.
    pub evaluations: usize,
    /// Why it ended.
    pub ending: Ending,
}

impl Minimum {
    /// Whether the gradient became as small as was asked for.
    #[must_use]
    pub const fn converged(&self) -> bool {
        matches!(self.ending, Ending::Converged)
    }
}

impl std::fmt::Display for Minimum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { value, gradient, steps, evaluations, ending, .. } = self;
        let largest = gradient.amax();
        write!(
            f,
            "{ending} after {steps} steps and {evaluations} evaluations: value {value:e}, largest \
             number of the gradient {largest:e}",
        )?;
        ending.advice().map_or(Ok(()), |advice| write!(f, "; {advice}"))
    }
}

impl Default for Minimizer {
    fn default() -> Self {
        Self {
            direction: Lbfgs::default().into(),
            updaters: Vec::new(),
            search: StrongWolfe::default().into(),
            tolerance: 1e-5,
            steps: 10_000,
            evaluations: usize::MAX,
        }
    }
}

impl Minimizer {
    /// L-BFGS with a strong Wolfe search.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same in this direction.
    #[must_use]
    pub fn direction(self, direction: impl Into<Plugin<dyn Direction>>) -> Self {
        Self { direction: direction.into(), ..self }
    }

    /// The same with this search.
    #[must_use]
    pub fn search(self, search: impl Into<Plugin<dyn Search>>) -> Self {
        Self { search: search.into(), ..self }
    }

    /// The same with a further updater, last in the chain. [`Minimizer::check`] tells whether it fits.
    #[must_use]
    pub fn updater(mut self, updater: impl Into<Aimed<dyn Updater>>) -> Self {
        self.updaters.push(updater.into());
        self
    }

    /// The same until no number of the gradient is larger than this.
    #[must_use]
    pub const fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// The same with at most so many steps.
    #[must_use]
    pub const fn steps(mut self, steps: usize) -> Self {
        self.steps = steps;
        self
    }

    /// The same with about so many evaluations at most: a search that has begun is finished.
    #[must_use]
    pub const fn evaluations(mut self, evaluations: usize) -> Self {
        self.evaluations = evaluations;
        self
    }

    /// The minimum of `function` from `start` on. The function gives its value, and writes every number
    /// of its gradient.
    ///
    /// # Panics
    /// When the function leaves a gradient of another length behind.
    pub fn minimize(
        &self,
        start: impl Into<DVector<f64>>,
        function: impl FnMut(&DVector<f64>, &mut DVector<f64>) -> f64,
    ) -> Minimum {
        self.run(start.into(), &mut WithGradient::new(function))
    }

    /// The minimum of a function without a gradient, which is measured by central differences. Much
    /// slower for many numbers, and exact to about ten digits.
    pub fn minimize_by_differences(
        &self,
        start: impl Into<DVector<f64>>,
        function: impl FnMut(&DVector<f64>) -> f64,
    ) -> Minimum {
        self.run(start.into(), &mut Differences::new(function))
    }

    /// Refuses settings that are out of range, updaters that find nothing to shape in a vector of so many
    /// numbers, and those that suppose a rate where the search looks for it: see [`Motion::check_aims`].
    /// Where it refuses, a minimisation is [`Ending::Refused`].
    ///
    /// # Errors
    /// The first such setting.
    pub fn check(&self, numbers: usize) -> Result<(), SettingError> {
        self.direction.check().map_err(|error| error.inside("direction"))?;
        self.search.check().map_err(|error| error.inside("search"))?;
        for (i, updater) in self.updaters.iter().enumerate() {
            updater.check().map_err(|error| error.inside(&format!("updaters[{i}]")))?;
        }
        let layout = tanren_plugin::Layout::vector(numbers);
        self.motion(&layout).check_aims(&layout)
    }

    fn motion(&self, layout: &tanren_plugin::Layout) -> Motion<'_> {
        let mut motion = Motion::new(&self.search).updaters(&self.updaters, layout);
        motion.direction = Some(&self.direction);
        motion
    }

    fn run(&self, start: DVector<f64>, function: &mut dyn Function) -> Minimum {
        if self.check(start.len()).is_err() {
            let (gradient, ending) = (DVector::zeros(start.len()), Ending::Refused);
            let (value, steps, evaluations) = (f64::NAN, 0, 0);
            return Minimum { point: start, value, gradient, steps, evaluations, ending };
        }
        let mut objective = Given::new(start.len(), function);
        let layout = objective.layout().clone();
        let motion = self.motion(&layout);
        let mut x: Vec<f64> = start.data.into();
        let mut state = MotionState::new(&motion, &x);
        let mut stepper = Stepper::new(&layout);
        let (mut clock, mut steps, mut progress) = (Clock::default(), 0, Progress::new());
        let (value, ending) = loop {
            let moving = Moving { clock, parameters: &mut x, state: &mut state };
            let at = stepper.evaluate(&mut objective, &motion, &moving, true);
            let largest = largest(&stepper.gradient);
            let over = if !(at.value().is_finite() && largest.is_finite()) {
                Some(Ending::NotFinite)
            } else if largest <= self.tolerance {
                Some(Ending::Converged)
            } else if let Some(ending) = progress.stalled(at.value(), largest) {
                Some(ending)
            } else if steps >= self.steps {
                Some(Ending::StepLimit)
            } else if objective.evaluations() >= self.evaluations {
                Some(Ending::EvaluationLimit)
            } else {
                None
            };
            if let Some(ending) = over {
                break (at.value(), ending);
            }
            let taken = stepper.advance(&mut objective, at, &motion, moving);
            progress.took(&taken);
            steps += 1;
            clock.iteration += 1;
        };
        Minimum {
            point: DVector::from_vec(x),
            value,
            gradient: DVector::from_vec(stepper.gradient),
            steps,
            evaluations: objective.evaluations(),
            ending,
        }
    }
}

/// max |gᵢ|; not a number where any is none.
fn largest(gradient: &[f64]) -> f64 {
    gradient.iter().fold(0.0, |most: f64, g| match g.is_nan() || most.is_nan() {
        true => f64::NAN,
        false => most.max(g.abs()),
    })
}

/// Whether a minimisation still gets on.
struct Progress {
    /// The lowest value and the smallest gradient so far.
    best: [f64; 2],
    /// Steps since the last that improved on either.
    idle: usize,
    /// Steps in a row that did not move, because the search failed.
    failed: usize,
    why: Option<Fallback>,
}

impl Progress {
    const fn new() -> Self {
        Self { best: [f64::INFINITY; 2], idle: 0, failed: 0, why: None }
    }

    fn took(&mut self, taken: &StepOutcome) {
        let stuck = taken.rate == 0.0 && taken.fallback.is_some();
        self.failed = if stuck { self.failed + 1 } else { 0 };
        self.why = taken.fallback;
    }

    /// What was remembered of the direction is forgotten at the first failure; the second is the end.
    fn stalled(&mut self, value: f64, gradient: f64) -> Option<Ending> {
        let [least, smallest] = &mut self.best;
        let better = value < *least || gradient < *smallest;
        (*least, *smallest) = (least.min(value), smallest.min(gradient));
        self.idle = if better { 0 } else { self.idle + 1 };
        match self.why {
            Some(Fallback::Search(failure)) if self.failed > 1 => Some(Ending::NoStep(failure)),
            _ if self.idle >= STALLED => Some(Ending::Stalled),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
