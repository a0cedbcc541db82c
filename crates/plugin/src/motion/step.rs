//! One step on any objective: gradient → direction → updaters → search → parameters → settle.

mod chain;
mod line;
mod local;
mod motion;
mod outcome;
mod pieces;
mod whole;

pub use motion::{Motion, MotionState, Moving, OffersError, evaluation_parameters, finish_epoch};
pub use outcome::{Fallback, StepOutcome};

use crate::{Ask, ClipCounter, Evaluation, Layout, Objective, Point, Precision};
use local::Local;
use tanren_tensor::profile::{self, Kind};

/// Takes steps on any objective, in buffers that are allocated once.
///
/// A [`Motion`] says what moves parameters, a [`MotionState`] is what that remembers, and a [`Stepper`]
/// holds the buffers. Neither a network nor a trainer is needed:
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// use tanren_plugin::*;
///
/// /// f(x) = Σ (xᵢ − 3)²
/// struct Bowl(Layout);
///
/// impl Objective<f64> for Bowl {
///     fn offers(&self) -> Offers {
///         Offers::BOTH
///     }
///     fn layout(&self) -> &Layout {
///         &self.0
///     }
///     fn evaluate(&mut self, x: &[f64], ask: Ask<'_, f64>) -> Evaluation {
///         if let Some(gradient) = ask.gradient {
///             gradient.iter_mut().zip(x).for_each(|(g, x)| *g = 2.0 * (x - 3.0));
///         }
///         Evaluation::loss(x.iter().map(|x| (x - 3.0) * (x - 3.0)).sum())
///     }
/// }
/// # #[derive(Debug, Serialize, Deserialize)]
/// # struct Rate(f64);
/// # impl Checked for Rate {}
/// # #[typetag::serde(name = "doc/rate")]
/// # impl Search for Rate {
/// #     fn needs(&self) -> Offers { Offers::GRADIENT }
/// #     fn rate(&self, _: Clock) -> Option<f64> { Some(self.0) }
/// #     fn search(&self, _: Clock, line: &mut dyn Line, _: &mut [f64]) -> Result<Point, SearchFailure> {
/// #         Ok(line.value(self.0))
/// #     }
/// # }
/// # let search: Plugin<dyn Search> = Rate(0.1).into();
///
/// let mut bowl = Bowl(Layout::vector(2));
/// let motion = Motion::new(&search); // a search that always goes 0.1 far
/// motion.check(&bowl)?; // the objective offers what direction and search need
/// motion.check_aims(&bowl.0)?; // every updater, had it any, finds what it is aimed at
/// let (mut x, mut clock) = (vec![0.0, 10.0], Clock::default());
/// let (mut state, mut stepper) = (MotionState::new(&motion, &x), Stepper::new(&bowl.0));
/// for _ in 0..100 {
///     let moving = Moving { clock, parameters: &mut x, state: &mut state };
///     stepper.step(&mut bowl, &motion, moving);
///     clock.iteration += 1;
/// }
/// assert!(x.iter().all(|x| (x - 3.0).abs() < 1e-6));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A [`MotionState`] belongs to its motion: make it when the motion has all its updaters.
#[derive(Clone, Debug)]
pub struct Stepper<T> {
    /// The gradient of the last [`Stepper::evaluate`].
    pub gradient: Vec<T>,
    /// What the last [`Stepper::advance`] added to the trainable parameters, divided by the rate.
    pub step: Vec<T>,
    /// The points at which the last step's search looked, in order.
    pub points: Vec<Point>,
    trial: Vec<T>,
    trial_gradient: Vec<T>,
    /// What is known at the parameters the last step led to, with `gradient`.
    known: Option<Evaluation>,
    /// Evaluations of the last [`Stepper::evaluate`]: none where it was known.
    evaluations: usize,
}

impl<T: Precision> Stepper<T> {
    /// Buffers for parameters of this layout.
    #[must_use]
    pub fn new(layout: &Layout) -> Self {
        Self {
            gradient: vec![T::ZERO; layout.len()],
            step: vec![T::ZERO; layout.trainable()],
            points: Vec::new(),
            trial: Vec::new(),
            trial_gradient: Vec::new(),
            known: None,
            evaluations: 0,
        }
    }

    /// One whole step: evaluates the objective and moves the parameters, unless the loss is not finite.
    ///
    /// # Panics
    /// When the motion's state was made for another number of updaters.
    pub fn step(
        &mut self,
        objective: &mut dyn Objective<T>,
        motion: &Motion<'_>,
        mut moving: Moving<'_, T>,
    ) -> (Evaluation, StepOutcome) {
        if let Some(taken) = self.sweep(objective, motion, moving.reborrow()) {
            return taken;
        }
        let at = self.evaluate(objective, motion, &moving, false);
        objective.keep();
        let outcome = self.advance(objective, at, motion, moving);
        (at, outcome)
    }

    /// Forgets what the last step found out about where it ended, so that the next one evaluates anew: for
    /// callers who want to see more of an evaluation than value and gradient.
    pub fn forget(&mut self) {
        self.known = None;
    }

    /// Loss and gradient at the present parameters. The penalties' value is computed when `penalty`
    /// says so or a line search will compare values. An objective that is [fixed](Objective::fixed) is
    /// not evaluated again where the last step's search ended.
    pub fn evaluate(
        &mut self,
        objective: &mut dyn Objective<T>,
        motion: &Motion<'_>,
        moving: &Moving<'_, T>,
        penalty: bool,
    ) -> Evaluation {
        let same = objective.fixed() && self.trial == moving.parameters;
        self.evaluations = 0;
        if let Some(known) = self.known.take().filter(|_| same) {
            return known;
        }
        let penalty = penalty || motion.rate(moving.clock).is_none();
        self.keep_statistics(objective.layout(), moving.parameters);
        let ask = Ask { penalty, gradient: Some(&mut self.gradient) };
        self.evaluations = 1;
        objective.evaluate(moving.parameters, ask)
    }

    /// Evaluates and moves the parameters in one sweep, to the same bits as [`Stepper::evaluate`] and
    /// [`Stepper::advance`] but faster, and without leaving a whole gradient or step behind. `None`,
    /// and nothing done, where the step needs more than one block of the gradient at a time: a
    /// direction other than the negative gradient, a line search, an updater of the whole vector.
    ///
    /// A loss that is not finite moves nothing.
    ///
    /// # Panics
    /// When the motion's state was made for another number of updaters.
    pub fn sweep(
        &mut self,
        objective: &mut dyn Objective<T>,
        motion: &Motion<'_>,
        moving: Moving<'_, T>,
    ) -> Option<(Evaluation, StepOutcome)> {
        let Moving { clock, parameters, state } = moving;
        let layout = objective.layout().clone(); // a handle: the objective is busy below
        let clips = ClipCounter::default();
        let local = Local::new(motion, &layout, (clock, &clips), state)?;
        self.known = None;
        self.keep_statistics(&layout, parameters);
        let slots = &mut state.slots;
        let finite = |at: &Evaluation| at.loss.is_none_or(f64::is_finite);
        let at =
            objective.sweep(parameters, &mut self.gradient, &mut |at| finite(at), &mut |ready| {
                local.step(ready, slots);
            });
        objective.keep();
        if !finite(&at) {
            return Some((at, StepOutcome::not_finite(at.loss.unwrap_or(f64::NAN))));
        }
        self.commit_statistics(&layout, parameters);
        let (rate, clip_rate) = (local.call.rate, clips.rate());
        Some((at, StepOutcome { rate, evaluations: 1, clip_rate, ..StepOutcome::default() }))
    }

    /// Moves the parameters, from the gradient of the last [`Stepper::evaluate`] of the same objective,
    /// whose result is `at`. A loss that is not finite moves nothing.
    ///
    /// # Panics
    /// When the motion's state was made for another number of updaters.
    pub fn advance(
        &mut self,
        objective: &mut dyn Objective<T>,
        at: Evaluation,
        motion: &Motion<'_>,
        mut moving: Moving<'_, T>,
    ) -> StepOutcome {
        let _span = profile::span(Kind::Update);
        if let Some(loss) = at.loss.filter(|loss| !loss.is_finite()) {
            return StepOutcome::not_finite(loss);
        }
        self.points.clear();
        let layout = objective.layout().clone();
        let clips = ClipCounter::default();
        let outcome = match Local::new(motion, &layout, (moving.clock, &clips), moving.state) {
            Some(local) => {
                self.step.copy_from_slice(&self.gradient[..layout.trainable()]);
                self.block_by_block(&local, &layout, moving.reborrow());
                let (rate, evaluations) = (local.call.rate, self.evaluations);
                StepOutcome { rate, evaluations, ..StepOutcome::default() }
            }
            None => self.whole(objective, at, (motion, &clips), &layout, moving.reborrow()),
        };
        let outcome = StepOutcome { clip_rate: clips.rate(), ..outcome };
        self.commit_statistics(&layout, moving.parameters);
        self.keep_known(moving.parameters, &layout);
        outcome
    }

    /// Statistics keep their values unless the objective writes the next ones.
    fn keep_statistics(&mut self, layout: &Layout, parameters: &[T]) {
        let statistics = layout.statistics();
        self.gradient[statistics.clone()].copy_from_slice(&parameters[statistics]);
    }

    /// A committed step gives statistics their next value.
    fn commit_statistics(&self, layout: &Layout, parameters: &mut [T]) {
        let statistics = layout.statistics();
        parameters[statistics.clone()].copy_from_slice(&self.gradient[statistics]);
    }
}
