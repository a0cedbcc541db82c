//! One step: gradient → direction → updaters → search → parameters → settle.

use crate::line::ObjectiveLine;
use crate::recipe::TrainingSpec;
use crate::spot::OnTheSpot;
use crate::{State, TrainError, chain};
use tanren_plugin::{
    Ask, Clock, Constraint, Evaluation, Layout, Objective, Plugin, Point, Precision, SearchFailure,
};
use tanren_tensor::profile::{self, Kind};
use tanren_tensor::{Write, add_scaled, advance, dot, mat_mut};

/// What a step did.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// The step length.
    pub rate: f64,
    /// Why something was given up for steepest descent, or why no step was made, if so.
    pub fallback: Option<String>,
}

/// The buffers of a step, allocated once.
#[derive(Clone, Debug)]
pub struct Stepper<T> {
    /// The gradient of the last [`Stepper::evaluate`].
    pub gradient: Vec<T>,
    /// What the last [`Stepper::advance`] added to the trainable parameters, divided by the rate.
    pub step: Vec<T>,
    trial: Vec<T>,
    trial_gradient: Vec<T>,
}

impl<T: Precision> Stepper<T> {
    /// Buffers for parameters of this layout.
    #[must_use]
    pub fn new(layout: &Layout) -> Self {
        Self {
            gradient: vec![T::ZERO; layout.len()],
            step: vec![T::ZERO; layout.trainable()],
            trial: Vec::new(),
            trial_gradient: Vec::new(),
        }
    }

    /// Loss and gradient at the state's parameters. The penalties' value is computed when
    /// `penalty` says so or a line search will compare values.
    pub fn evaluate<O: Objective<T> + ?Sized>(
        &mut self,
        objective: &mut O,
        training: &TrainingSpec,
        state: &State<T>,
        penalty: bool,
    ) -> Evaluation {
        let penalty = penalty || training.search.rate(state.clock).is_none();
        let ask = Ask { penalty, gradient: Some(&mut self.gradient) };
        objective.evaluate(&state.parameters, ask)
    }

    /// Evaluates and moves the state's parameters in one sweep, to the same bits as
    /// [`Stepper::evaluate`] and [`Stepper::advance`] but faster, and without leaving a whole
    /// gradient or step behind. `None`, and nothing done, where the step needs more than that:
    /// a direction, a line search, constraints, an updater that looks at whole blocks.
    ///
    /// A loss that is not finite moves nothing.
    pub fn sweep<O: Objective<T> + ?Sized>(
        &mut self,
        objective: &mut O,
        layout: &Layout,
        training: &TrainingSpec,
        constraints: &[Plugin<dyn Constraint>],
        state: &mut State<T>,
    ) -> Option<(Evaluation, Taken)> {
        let spot = OnTheSpot::new(training, constraints, layout, state)?;
        let State { parameters, slots, .. } = state;
        let finite = |at: &Evaluation| at.loss.is_none_or(f64::is_finite);
        let at =
            objective.sweep(parameters, &mut self.gradient, &mut |at| finite(at), &mut |ready| {
                spot.step(ready, slots);
            });
        if finite(&at) {
            let fixed = layout.trainable()..;
            parameters[fixed.clone()].copy_from_slice(&self.gradient[fixed]);
        }
        Some((at, Taken { rate: spot.rate, fallback: None }))
    }

    /// Moves the state's parameters, from the gradient of the last [`Stepper::evaluate`] of the
    /// same objective, whose result is `at`.
    pub fn advance<O: Objective<T> + ?Sized>(
        &mut self,
        objective: &mut O,
        at: Evaluation,
        training: &TrainingSpec,
        constraints: &[Plugin<dyn Constraint>],
        state: &mut State<T>,
    ) -> Taken {
        let _span = profile::span(Kind::Update);
        let layout = objective.layout();
        let trainable = layout.trainable();
        let State { parameters, slots, memory, clock, .. } = state;
        let known = training.search.rate(*clock);
        let rate = known.unwrap_or(1.0);

        let gradient = &self.gradient[..trainable];
        match &training.direction {
            None => add_scaled(Write::Overwrite, -T::ONE, gradient, &mut self.step),
            Some(direction) => {
                let kernel = direction.kernels().at::<T>();
                kernel.direction(
                    *clock,
                    &parameters[..trainable],
                    gradient,
                    memory,
                    &mut self.step,
                );
            }
        }
        let (updaters, when) = (&training.updaters, (*clock, rate));
        chain::update(updaters, layout, when, &parameters[..trainable], slots, &mut self.step);

        let mut taken = Taken { rate, fallback: None };
        if known.is_none() {
            taken = self.search(objective, at, training, parameters, *clock);
            if taken.fallback.is_some() {
                memory.clear(); // what it remembers led nowhere
            }
        }
        advance(T::of(taken.rate), &self.step, &mut parameters[..trainable]);
        // A committed step gives statistics their next value.
        parameters[trainable..].copy_from_slice(&self.gradient[trainable..]);
        let layout = objective.layout();
        project(constraints, layout, parameters);
        let when = (*clock, taken.rate);
        chain::settle(updaters, layout, when, &mut parameters[..trainable], slots);
        if updaters.iter().any(|u| u.settles()) {
            project(constraints, layout, parameters); // settling may have left the set again
        }
        taken
    }

    /// Looks along the step for how far to go. A step that does not descend is replaced by the
    /// raw negative gradient; a search without result moves to the best point it saw, or nowhere.
    fn search<O: Objective<T> + ?Sized>(
        &mut self,
        objective: &mut O,
        at: Evaluation,
        training: &TrainingSpec,
        parameters: &[T],
        clock: Clock,
    ) -> Taken {
        let trainable = self.step.len();
        let mut fallback = None;
        let mut slope = dot(&self.gradient[..trainable], &self.step);
        if slope >= 0.0 || slope.is_nan() {
            fallback = Some(format!("slope {slope:e} along the step: steepest descent instead"));
            let gradient = &self.gradient[..trainable];
            add_scaled(Write::Overwrite, -T::ONE, gradient, &mut self.step);
            slope = dot(gradient, &self.step);
        }
        self.trial.resize(parameters.len(), T::ZERO);
        self.trial_gradient.resize(parameters.len(), T::ZERO);
        let start = Point { step: 0.0, value: at.value(), slope };
        let mut line = ObjectiveLine {
            objective,
            parameters,
            direction: &self.step,
            start,
            trial: &mut self.trial,
            gradient: &mut self.trial_gradient,
        };
        match training.search.search(clock, &mut line) {
            Ok(point) => Taken { rate: point.step, fallback },
            Err(failure) => {
                let rate = match &failure {
                    SearchFailure::Exhausted { best: Some(best), .. } => best.step,
                    _ => 0.0,
                };
                Taken { rate, fallback: Some(fallback.unwrap_or_else(|| failure.to_string())) }
            }
        }
    }
}

/// Moves every constrained block back to where it may be.
fn project<T: Precision>(
    constraints: &[Plugin<dyn Constraint>],
    layout: &Layout,
    parameters: &mut [T],
) {
    for block in layout.blocks().iter().filter(|b| b.trainable()) {
        for constraint in constraints.iter().filter(|c| c.applies(block)) {
            let matrix = mat_mut(&mut parameters[block.range.clone()], block.rows, block.cols);
            constraint.kernels().at::<T>().project(block, matrix);
        }
    }
}

/// Refuses by name an algorithm that wants more than the objective offers. [`fit`](crate::fit) asks
/// by itself; whoever drives a [`Stepper`] with an objective of its own asks here.
///
/// # Errors
/// [`TrainError::Offers`].
pub fn check_offers<T: Precision>(
    training: &TrainingSpec,
    objective: &dyn Objective<T>,
) -> Result<(), TrainError> {
    let offered = objective.offers();
    let direction = training.direction.iter().map(|d| (d.typetag_name(), d.needs()));
    let search = [(training.search.typetag_name(), training.search.needs())];
    for (algorithm, needs) in direction.chain(search) {
        if let Some(missing) = needs.missing(offered) {
            let (algorithm, offered) = (algorithm.to_owned(), offered.to_string());
            return Err(TrainError::Offers { algorithm, missing, offered });
        }
    }
    Ok(())
}
