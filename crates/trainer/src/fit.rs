//! The loop: any task, epoch by epoch, update by update.

use crate::check::setting;
use crate::{Best, Cursor, Keep, State, TrainError, TrainingSpec};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Instant;
use tanren_plugin::{
    Better, Clock, Ending, EpochRecord, Evaluation, Event, History, Load, Motion, Number, Observer,
    Plugin, Precision, Progress, Reason, StepOutcome, Stepper, Stopping, Task, Wants, Watched,
    evaluation_parameters, finish_epoch,
};

/// Trains a phase until its settings or an observer end it. `state` may be fresh or resumed;
/// `each_epoch` is called with the state after every epoch and says whether it wrote a checkpoint.
///
/// Everything runs on the current thread pool; its size never changes a bit of the result.
///
/// # Errors
/// [`TrainError`] when an algorithm does not fit the task, a batch cannot be evaluated, or
/// `each_epoch` fails. Divergence is an [`Ending`].
pub fn fit<T: Precision>(
    training: &TrainingSpec,
    task: &mut dyn Task<T>,
    state: &mut State<T>,
    observer: &mut dyn Observer,
    each_epoch: &mut dyn FnMut(&State<T>) -> Result<bool, TrainError>,
) -> Result<Ending, TrainError> {
    let (started, before) = (Instant::now(), state.seconds());
    let mut motion = training.motion(task.layout());
    motion.seed = task.seed();
    motion.check(&*task)?;
    motion.check_aims(task.layout()).map_err(|e| setting(e.setting, e.expected, e.found))?;
    let stepper = Stepper::new(task.layout());
    let scores = task.scores();
    if !scores.is_empty() {
        training.check_names("training", &scores)?;
    }
    let watch = Watch { before, started };
    let mut updates = Updates { training, motion, task, observer, stepper, scores, watch };
    updates.begin(state);
    updates.set_pace(state);
    let mut told = updates.motion.pace;
    // Asked before anything else, so that a stopped run stays stopped when it is resumed.
    let last = state.cursor.last_loss.map(|loss| loss.0);
    if let Some(reason) = updates.stops(state.clock, last) {
        return Ok(Ending::Stopped(reason));
    }

    while state.clock.epoch < training.epochs {
        let history = History { epochs: state.records(), scores: &updates.scores };
        if state.cursor == Cursor::default()
            && let Some(reason) = training.stopping.iter().find_map(|rule| rule.verdict(history))
        {
            return Ok(Ending::Stopped(reason));
        }
        let factor = updates.motion.pace;
        if factor.to_bits() != told.to_bits() {
            told = factor;
            let rate = training.search.rate(state.clock).map(|rate| factor * rate);
            updates.tell(&Event::Pace { clock: state.clock, factor, rate });
        }
        while state.cursor.batch < updates.task.batches() {
            if let ControlFlow::Break(ending) = updates.make(state)? {
                state.cursor.seconds = watch.seconds() - state.epochs_seconds();
                return Ok(ending);
            }
        }
        // The last step of an epoch is judged here, before anything is scored or kept.
        if state.parameters.iter().any(|p| !p.f64().is_finite()) {
            return Ok(updates.diverge(f64::NAN, state));
        }
        let record = updates.finish_epoch(state, watch.seconds())?;
        updates.set_pace(state);
        if each_epoch(state)? {
            updates.tell(&Event::Checkpoint { clock: state.clock });
        }
        if let ControlFlow::Break(reason) = updates.observer.observe(&Event::Epoch(&record)) {
            return Ok(Ending::Interrupted(reason));
        }
    }
    Ok(Ending::Completed)
}

/// What makes one update after another.
struct Updates<'a, T> {
    training: &'a TrainingSpec,
    motion: Motion<'a>,
    task: &'a mut dyn Task<T>,
    observer: &'a mut dyn Observer,
    stepper: Stepper<T>,
    /// The scores of the task, and which way each improves.
    scores: BTreeMap<String, Better>,
    watch: Watch,
}

/// The time a run has taken.
#[derive(Clone, Copy)]
struct Watch {
    /// Seconds it had taken before.
    before: f64,
    started: Instant,
}

impl Watch {
    fn seconds(&self) -> f64 {
        self.before + self.started.elapsed().as_secs_f64()
    }
}

impl<T: Precision> Updates<'_, T> {
    /// Shows an event whose answer does not matter.
    fn tell(&mut self, event: &Event<'_>) {
        drop(self.observer.observe(event));
    }

    fn begin(&mut self, state: &State<T>) {
        let layout = self.task.layout().clone();
        self.tell(&Event::Phase { clock: state.clock, layout: &layout });
    }

    /// Works out by what the rate is multiplied, from the finished epochs alone.
    fn set_pace(&mut self, state: &State<T>) {
        let history = History { epochs: state.records(), scores: &self.scores };
        self.motion.pace = self.training.pace.iter().map(|rule| rule.factor(history)).product();
    }

    /// One update. `Break` when it must be the last.
    fn make(&mut self, state: &mut State<T>) -> Result<ControlFlow<Ending>, TrainError> {
        let Self { motion, task, observer, stepper, .. } = self;
        let clock = state.clock;
        let load = task.load(clock, state.cursor.batch, &state.carries)?;
        if load.weight <= 0.0 {
            task.carry(&state.parameters)?;
            task.commit(&mut state.carries);
            state.clock.samples += load.samples;
            (state.cursor.batch, state.clock.repeat) = (state.cursor.batch + 1, 0);
            return Ok(ControlFlow::Continue(()));
        }
        let wants = observer.wants(clock);
        task.watch(wants);
        let penalty = wants.contains(Wants::PENALTY);
        // Who wants to see more than the step has it made in parts.
        let swept = match wants.intersects(Wants::PENALTY | Wants::GRADIENT | Wants::UPDATE) {
            true => None,
            false => stepper.sweep(&mut **task, motion, state.moving()),
        };
        let (at, swept) = match swept {
            Some((at, outcome)) => (at, Some(outcome)),
            None => {
                if wants.intersects(Wants::ACTIVATIONS | Wants::STATES) {
                    stepper.forget(); // they are what an evaluation leaves behind
                }
                let at = stepper.evaluate(&mut **task, motion, &state.moving(), penalty);
                task.keep();
                (at, None)
            }
        };
        if let Some(loss) = at.loss.filter(|loss| !loss.is_finite()) {
            let outcome = swept.unwrap_or_else(|| StepOutcome::not_finite(loss));
            let penalty = at.penalty;
            self.tell(&Event::Step { clock, loss: at.loss, penalty, outcome, load });
            return Ok(ControlFlow::Break(self.diverge(loss, state)));
        }
        let mut flow = self.show_evaluation(wants);
        let Self { motion, task, stepper, .. } = self;
        let outcome =
            swept.unwrap_or_else(|| stepper.advance(&mut **task, at, motion, state.moving()));
        flow = first(flow, self.show_step(state, (at, outcome, load), wants));
        self.tick(state, at, outcome, load);
        if let ControlFlow::Break(reason) = flow {
            return Ok(ControlFlow::Break(Ending::Interrupted(reason)));
        }
        Ok(match self.stops(state.clock, at.loss) {
            Some(reason) => ControlFlow::Break(Ending::Stopped(reason)),
            None => ControlFlow::Continue(()),
        })
    }

    /// Why to stop after the last update, which had this loss.
    fn stops(&self, clock: Clock, loss: Option<f64>) -> Option<Reason> {
        let rules = &self.training.stopping;
        if rules.is_empty() {
            return None; // asking the time takes some, too
        }
        let progress = Progress { clock, loss, seconds: self.watch.seconds() };
        rules.iter().find_map(|rule| rule.after_update(progress))
    }

    /// Moves clock and cursor past one update.
    fn tick(&mut self, state: &mut State<T>, at: Evaluation, outcome: StepOutcome, load: Load) {
        let cursor = &mut state.cursor;
        cursor.last_loss = at.loss.map(Number);
        if state.clock.repeat == 0 {
            if let Some(loss) = at.loss {
                cursor.loss += load.weight * loss;
                cursor.weight += load.weight;
            }
            state.clock.samples += load.samples;
        }
        cursor.rate = Some(Number(outcome.rate));
        cursor.fallbacks += u64::from(outcome.fallback.is_some());
        if let Some(rate) = outcome.clip_rate {
            cursor.clip_rates += rate;
            cursor.clippable += 1;
        }
        state.clock.iteration += 1;
        state.clock.repeat += 1;
        if state.clock.repeat >= self.training.iterations {
            (cursor.batch, state.clock.repeat) = (cursor.batch + 1, 0);
            self.task.commit(&mut state.carries);
        }
    }

    /// Validates, keeps the best, writes the record and turns the clock to the next epoch.
    fn finish_epoch(
        &mut self,
        state: &mut State<T>,
        seconds: f64,
    ) -> Result<EpochRecord, TrainError> {
        let Self { training, motion, task, observer, scores, .. } = self;
        state.clock.epoch += 1;
        finish_epoch(motion, task.layout(), &mut state.moving());
        let mut averaged = evaluation_parameters(motion, task.layout(), &mut state.moving());
        if let Some(averaged) = &mut averaged {
            let statistics = task.layout().statistics();
            if !statistics.is_empty() {
                task.refresh(state.clock, averaged)?;
                state.statistics = averaged[statistics].to_vec();
            }
        }
        let parameters = averaged.as_ref().unwrap_or(&state.parameters);
        let validation = task.score(Watched::Validation, parameters)?;
        let watched = |rule: &Plugin<dyn Stopping>| {
            rule.scores().iter().any(|(rows, _)| *rows == Watched::Train)
        };
        let paced = training.pace.iter().flat_map(|rule| rule.scores());
        let paced = paced.into_iter().any(|(rows, _)| rows == Watched::Train);
        let on_training = match paced || training.stopping.iter().any(watched) {
            true => task.score(Watched::Train, parameters)?,
            false => BTreeMap::new(),
        };
        if !validation.is_empty() {
            drop(observer.observe(&Event::Validation { clock: state.clock, scores: &validation }));
        }
        if let Keep::Best(metric) = &training.keep
            && let (Some(&Number(score)), Some(better)) =
                (validation.get(metric), scores.get(metric))
            && score.is_finite()
            && state.best_score(metric).is_none_or(|best| better.than(score, best))
        {
            let (epoch, metric, parameters) =
                (state.clock.epoch, metric.clone(), parameters.clone());
            state.best = Some(Best { epoch, metric, score, parameters });
        }
        let cursor = std::mem::take(&mut state.cursor);
        let loss = (cursor.weight > 0.0).then(|| Number(cursor.loss / cursor.weight));
        let record = EpochRecord {
            clock: state.clock,
            loss,
            validation,
            training: on_training,
            rate: cursor.rate,
            fallbacks: cursor.fallbacks,
            clip_rate: cursor.clip_rate(),
            seconds,
        };
        state.history.push(record.clone());
        Ok(record)
    }

    /// Ends a run that diverged: shows the step whole, evaluated once more, so that whoever records can
    /// tell which node or parameter was the first that is not finite.
    fn diverge(&mut self, loss: f64, state: &mut State<T>) -> Ending {
        let clock = state.clock;
        self.tell(&Event::Diverged { clock, loss });
        let Self { motion, task, stepper, .. } = self;
        task.watch(Wants::EVERYTHING);
        stepper.evaluate(&mut **task, motion, &state.moving(), true);
        drop(self.show_evaluation(Wants::EVERYTHING));
        let layout = self.task.layout().clone();
        let values = T::slice(&state.parameters);
        self.tell(&Event::Parameters { layout: &layout, values });
        Ending::Diverged { iteration: clock.iteration, loss: Number(loss) }
    }

    /// Shows what the forward and backward pass left, as far as it is wanted.
    fn show_evaluation(&mut self, wants: Wants) -> ControlFlow<Reason> {
        let Self { task, observer, stepper, .. } = self;
        let mut flow = ControlFlow::Continue(());
        let mut see = |event: &Event<'_>| {
            let next = observer.observe(event);
            if flow.is_continue() {
                flow = next;
            }
        };
        task.show(wants, &mut see);
        if wants.contains(Wants::GRADIENT) {
            let layout = task.layout();
            let values = T::slice(&stepper.gradient[..layout.trainable()]);
            see(&Event::Gradient { layout, values });
        }
        flow
    }

    /// Shows the step and what it did, as far as it is wanted.
    fn show_step(
        &mut self,
        state: &State<T>,
        (at, outcome, load): (Evaluation, StepOutcome, Load),
        wants: Wants,
    ) -> ControlFlow<Reason> {
        let Self { task, observer, stepper, .. } = self;
        let (layout, clock): (_, Clock) = (task.layout(), state.clock);
        let mut flow = ControlFlow::Continue(());
        let mut see = |event: &Event<'_>| {
            let next = observer.observe(event);
            if flow.is_continue() {
                flow = next;
            }
        };
        if wants.contains(Wants::STEP) {
            let penalty = at.penalty.filter(|_| wants.contains(Wants::PENALTY));
            see(&Event::Step { clock, loss: at.loss, penalty, outcome, load });
        }
        if wants.contains(Wants::SEARCH) {
            see(&Event::Search { points: &stepper.points });
        }
        if wants.contains(Wants::UPDATE) {
            let rate = T::of(outcome.rate);
            stepper.step.iter_mut().for_each(|s| *s *= rate);
            see(&Event::Update { layout, values: T::slice(&stepper.step) });
        }
        if wants.contains(Wants::PARAMETERS) {
            see(&Event::Parameters { layout, values: T::slice(&state.parameters) });
        }
        flow
    }
}

/// The first `Break` of two.
fn first(a: ControlFlow<Reason>, b: ControlFlow<Reason>) -> ControlFlow<Reason> {
    if a.is_break() { a } else { b }
}
