//! The loop.

use crate::evaluate::metrics;
use crate::{Best, Cursor, Keep, Recipe, State, TrainError, evaluate};
use std::ops::ControlFlow;
use std::time::Instant;
use tanren_network::{BatchObjective, Carries, ModelSpec, Network, Prepared, Runner};
use tanren_plugin::{
    Batch, Batches, Clock, EpochRecord, Evaluation, Event, Fallback, Number, Objective as _,
    Observer, Precision, Reason, Segment, StepOutcome, Stepper, Stopping, Wants,
    evaluation_parameters,
};
use tanren_tensor::Extent;

/// What a run works on. Nothing of it changes.
#[derive(Debug)]
pub struct Session<'a, T> {
    /// The recipe.
    pub recipe: &'a Recipe,
    /// The network it trains.
    pub network: &'a Network,
    /// Inputs and targets as their source had them.
    pub spec: &'a ModelSpec,
    /// The data.
    pub data: &'a Prepared<T>,
    /// Rows to choose by; may be empty.
    pub validation: &'a [usize],
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// After its last epoch.
    Completed,
    /// A stopping rule of the recipe ended it.
    Stopped(Reason),
    /// An observer ended it. It can be resumed.
    Interrupted(Reason),
    /// A loss or, after an epoch, a parameter was not finite.
    Diverged {
        /// Updates made before.
        iteration: u64,
        /// What the loss was.
        loss: Number,
    },
}

/// Trains until the recipe or an observer ends it. `state` may be fresh or resumed; `each_epoch`
/// is called with the state after every epoch, for checkpoints.
///
/// Everything runs on the current thread pool; its size never changes a bit of the result.
///
/// # Errors
/// [`TrainError`] when an algorithm does not fit the objective, a batch counts nothing, or
/// `each_epoch` fails. Divergence is an [`Ending`].
pub fn fit<T: Precision, O: Observer>(
    session: &Session<'_, T>,
    batches: &mut dyn Batches<T>,
    state: &mut State<T>,
    observer: &mut O,
    each_epoch: &mut dyn FnMut(&State<T>) -> Result<(), TrainError>,
) -> Result<Ending, TrainError> {
    let training = &session.recipe.training;
    let (started, before) = (Instant::now(), state.seconds());
    let mut updates = Updates::new(session, observer);

    while state.clock.epoch < training.epochs {
        // Asked before an epoch, so that a stopped run stays stopped when it is resumed.
        let verdict = |rule: &dyn Stopping| rule.verdict(&state.history);
        if state.cursor == Cursor::default()
            && let Some(reason) = training.stopping.iter().find_map(|rule| verdict(&**rule))
        {
            return Ok(Ending::Stopped(reason));
        }
        while state.cursor.batch < batches.per_epoch() {
            let batch = batches.batch(state.clock.epoch, state.cursor.batch);
            if let ControlFlow::Break(ending) = updates.make(batch, state)? {
                return Ok(ending);
            }
        }
        // The last step of an epoch is judged here, before anything is scored or kept.
        if state.parameters.iter().any(|p| !p.f64().is_finite()) {
            let (iteration, loss) = (state.clock.iteration, Number(f64::NAN));
            return Ok(Ending::Diverged { iteration, loss });
        }
        let seconds = before + started.elapsed().as_secs_f64();
        let record = finish_epoch(session, state, seconds)?;
        each_epoch(state)?;
        if let ControlFlow::Break(reason) = updates.observer.observe(&Event::Epoch(&record)) {
            return Ok(Ending::Interrupted(reason));
        }
    }
    Ok(Ending::Completed)
}

/// What makes one update after another: the session, who watches, and the buffers.
struct Updates<'a, T, O> {
    session: &'a Session<'a, T>,
    observer: &'a mut O,
    runner: Runner<T>,
    stepper: Stepper<T>,
}

impl<'a, T: Precision, O: Observer> Updates<'a, T, O> {
    fn new(session: &'a Session<'a, T>, observer: &'a mut O) -> Self {
        let runner = Runner::new(session.network);
        let stepper = Stepper::new(session.network.layout());
        Self { session, observer, runner, stepper }
    }

    /// One update on one batch. `Break` when it must be the last.
    fn make(
        &mut self,
        batch: Batch<'_, T>,
        state: &mut State<T>,
    ) -> Result<ControlFlow<Ending>, TrainError> {
        let Self { session, observer, runner, stepper } = self;
        let (network, recipe, extent) = (session.network, session.recipe, batch.extent);
        let motion = recipe.training.motion(network.constraints());
        let segment = batch.segment;
        let mut objective = BatchObjective::new(network, runner, batch, state.clock, recipe.seed)?;
        motion.check(&objective)?;
        // Taken out of the state while the objective writes to them.
        let mut carries = std::mem::take(&mut state.carries);
        if let Some(Segment { continues, after }) = segment {
            if !continues || !carries.fit(network, extent.examples) {
                carries = Carries::new(network, extent.examples);
            }
            objective = objective.segment(&mut carries, after);
        }

        let wants = observer.wants(state.clock);
        let penalty = wants.contains(Wants::PENALTY);
        // Who wants to see more than the step has it made in parts.
        let swept = match wants.intersects(Wants::PENALTY | Wants::GRADIENT | Wants::UPDATE) {
            true => None,
            false => stepper.sweep(&mut objective, &motion, state.moving()),
        };
        let (at, swept) = match swept {
            Some((at, outcome)) => (at, Some(outcome)),
            None => (stepper.evaluate(&mut objective, &motion, &state.moving(), penalty), None),
        };
        if swept.is_none() {
            objective.keep();
        }
        let weighted = at.loss.map(|loss| (loss, objective.weight()));
        let seen = show_evaluation(session, stepper, objective.runner(), extent, wants, *observer);
        if let Some(loss) = at.loss.filter(|loss| !loss.is_finite()) {
            let (iteration, loss) = (state.clock.iteration, Number(loss));
            let ending = Ending::Diverged { iteration, loss };
            // Shown like any other, so that whoever records can tell where it began.
            let fallback = Some(Fallback::NotFinite { loss: loss.0 });
            let outcome = StepOutcome { evaluations: 1, fallback, ..StepOutcome::default() };
            let step = step_event(state.clock, at, penalty, outcome, extent);
            drop(show_step(session, state, stepper, outcome, step, wants, *observer));
            return Ok(ControlFlow::Break(ending));
        }
        let outcome =
            swept.unwrap_or_else(|| stepper.advance(&mut objective, at, &motion, state.moving()));
        if segment.is_some() {
            carries.commit_kept();
        }
        state.carries = carries;
        let step = step_event(state.clock, at, penalty, outcome, extent);
        let shown = show_step(session, state, stepper, outcome, step, wants, *observer);
        tick(state, extent, recipe.training.iterations, weighted);
        Ok(match first(seen, shown) {
            ControlFlow::Break(reason) => ControlFlow::Break(Ending::Interrupted(reason)),
            ControlFlow::Continue(()) => ControlFlow::Continue(()),
        })
    }
}

/// The event of an update.
fn step_event(
    clock: Clock,
    at: Evaluation,
    penalty: bool,
    outcome: StepOutcome,
    extent: Extent,
) -> Event<'static> {
    Event::Step {
        clock,
        loss: at.loss,
        penalty: at.penalty.filter(|_| penalty),
        outcome,
        examples: extent.examples,
    }
}

/// Moves clock and cursor past one update of a batch with this loss and weight.
fn tick<T>(state: &mut State<T>, extent: Extent, iterations: u64, weighted: Option<(f64, f64)>) {
    let Cursor { batch, repeat, loss: sum, weight } = &mut state.cursor;
    if *repeat == 0 {
        let (loss, counts) = weighted.unwrap_or_default();
        *sum += counts * loss;
        *weight += counts;
        state.clock.samples += extent.examples as u64;
    }
    state.clock.iteration += 1;
    *repeat += 1;
    if *repeat >= iterations {
        (*batch, *repeat) = (*batch + 1, 0);
    }
}

/// Validates, keeps the best, writes the record and turns the clock to the next epoch.
fn finish_epoch<T: Precision>(
    session: &Session<'_, T>,
    state: &mut State<T>,
    seconds: f64,
) -> Result<EpochRecord, TrainError> {
    let training = &session.recipe.training;
    state.clock.epoch += 1;
    let mut validation = std::collections::BTreeMap::new();
    if !session.validation.is_empty() {
        let Session { network, spec, data, validation: rows, .. } = *session;
        let motion = training.motion(network.constraints());
        let averaged = evaluation_parameters(&motion, network.layout(), &mut state.moving());
        let parameters = averaged.as_ref().unwrap_or(&state.parameters);
        let scores = evaluate(network, parameters, data, rows, &spec.targets)?;
        validation = scores.to_map();
        for (name, score) in metrics(&training.metrics, network, parameters, data, rows) {
            validation.entry(name).or_insert(Number(score)); // never in place of a usual one
        }
        let better = state.best.as_ref().is_none_or(|best| scores.loss() < best.loss);
        if training.keep == Keep::Best && better && scores.loss().is_finite() {
            let (epoch, loss) = (state.clock.epoch, scores.loss());
            state.best = Some(Best { epoch, loss, parameters: parameters.clone() });
        }
    }
    let cursor = std::mem::take(&mut state.cursor);
    let loss = (cursor.weight > 0.0).then(|| Number(cursor.loss / cursor.weight));
    let record = EpochRecord { clock: state.clock, loss, validation, seconds };
    state.history.push(record.clone());
    Ok(record)
}

/// Shows what the forward and backward pass left, as far as it is wanted.
fn show_evaluation<T: Precision, O: Observer>(
    session: &Session<'_, T>,
    stepper: &Stepper<T>,
    runner: &Runner<T>,
    extent: Extent,
    wants: Wants,
    observer: &mut O,
) -> ControlFlow<Reason> {
    let mut flow = ControlFlow::Continue(());
    if wants.contains(Wants::ACTIVATIONS) {
        for (i, node) in session.network.nodes().iter().enumerate() {
            let values = T::slice(runner.signal(session.network, i, extent).data());
            let event = Event::Activation { node: &node.name, shape: node.shape, values };
            flow = first(flow, observer.observe(&event));
        }
    }
    if wants.contains(Wants::GRADIENT) {
        let layout = session.network.layout();
        let values = T::slice(&stepper.gradient[..layout.trainable()]);
        flow = first(flow, observer.observe(&Event::Gradient { layout, values }));
    }
    flow
}

/// Shows the step and what it did, as far as it is wanted.
fn show_step<T: Precision, O: Observer>(
    session: &Session<'_, T>,
    state: &State<T>,
    stepper: &mut Stepper<T>,
    outcome: StepOutcome,
    step: Event<'_>,
    wants: Wants,
    observer: &mut O,
) -> ControlFlow<Reason> {
    let layout = session.network.layout();
    let mut flow = ControlFlow::Continue(());
    if wants.contains(Wants::STEP) {
        flow = observer.observe(&step);
    }
    if wants.contains(Wants::SEARCH) {
        flow = first(flow, observer.observe(&Event::Search { points: &stepper.points }));
    }
    if wants.contains(Wants::UPDATE) {
        let rate = T::of(outcome.rate);
        stepper.step.iter_mut().for_each(|s| *s *= rate);
        let values = T::slice(&stepper.step);
        flow = first(flow, observer.observe(&Event::Update { layout, values }));
    }
    if wants.contains(Wants::PARAMETERS) {
        let values = T::slice(&state.parameters);
        flow = first(flow, observer.observe(&Event::Parameters { layout, values }));
    }
    flow
}

/// The first `Break` of two.
fn first(a: ControlFlow<Reason>, b: ControlFlow<Reason>) -> ControlFlow<Reason> {
    if a.is_break() { a } else { b }
}
