//! One candidate with one seed, trained piece by piece.

use super::Diverged;
use super::ground::{Ground, Shared};
use crate::{Recipe, Scoring, State, TrainError, evaluate};
use std::cmp::Ordering;
use std::ops::ControlFlow;
use std::sync::Arc;
use tanren_network::Runner;
use tanren_plugin::{
    Batches as _, Better, Clock, Ending, Event, Observer, Phase, Precision, Reason, Seed, Wants,
    Watched,
};

/// A training loss so many times the first one will not come back.
const EXPLODED: f64 = 1e4;
/// The most groups of rows that are scored apart, and the fewest rows in one.
const GROUPS: usize = 20;
const ROWS: usize = 4;

/// By what candidates are compared.
#[derive(Clone, Debug)]
pub(super) struct Judge {
    /// The name of the score.
    pub(super) score: String,
    pub(super) better: Better,
    /// The rows it is computed on.
    pub(super) rows: Watched,
}

impl Judge {
    /// The better score first; one that is no number comes last.
    pub(super) fn rank(&self, a: f64, b: f64) -> Ordering {
        a.is_nan().cmp(&b.is_nan()).then(match self.better {
            Better::Lower => a.total_cmp(&b),
            Better::Higher => b.total_cmp(&a),
        })
    }
}

/// What a candidate is worth so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Judged {
    pub(super) score: f64,
    /// The same for each of several groups of the rows, where that is asked for.
    pub(super) groups: Vec<f64>,
}

/// One candidate with one seed, in some precision.
pub(super) trait Lane: Send {
    /// Trains until it has made so many updates, or can make no more.
    fn advance(&mut self, until: u64, tick: Tick<'_>) -> Result<(), TrainError>;

    /// Scores the parameters it would end with now.
    fn judge(&self, by: &Judge, groups: bool) -> Result<Judged, TrainError>;

    /// The updates that its recipe allows.
    fn most(&self) -> Result<u64, TrainError>;

    fn progress(&self) -> &Progress;
}

/// Called after every update; ends what goes on.
pub(super) type Tick<'a> = &'a (dyn Fn() -> ControlFlow<Reason> + Sync);

/// How far a lane has come.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    /// The training loss of every update, with those of pretraining left out.
    pub(super) curve: Vec<f64>,
    /// Updates made, with those of pretraining.
    pub(super) updates: u64,
    pub(super) diverged: Option<Diverged>,
    /// Why its recipe ended it.
    pub(super) ended: Option<Reason>,
}

/// A lane for a recipe on its ground.
pub(super) fn lane<'a>(ground: Shared<'a>, recipe: &Recipe, seed: Seed) -> Box<dyn Lane + 'a> {
    match ground {
        Shared::Single(ground) => Box::new(Track::new(ground, recipe, seed)),
        Shared::Double(ground) => Box::new(Track::new(ground, recipe, seed)),
    }
}

struct Track<'a, T> {
    ground: Arc<Ground<'a, T>>,
    recipe: Recipe,
    seed: Seed,
    /// None before the first update.
    state: Option<State<T>>,
    progress: Progress,
}

impl<'a, T: Precision> Track<'a, T> {
    fn new(ground: Arc<Ground<'a, T>>, recipe: &Recipe, seed: Seed) -> Self {
        let progress = Progress::default();
        Self { ground, recipe: recipe.clone(), seed, state: None, progress }
    }
}

impl<T: Precision> Lane for Track<'_, T> {
    fn advance(&mut self, until: u64, tick: Tick<'_>) -> Result<(), TrainError> {
        let Self { ground, recipe, seed, state, progress } = self;
        let plans = recipe.phases(&ground.setup.network)?;
        let state = state.get_or_insert_with(|| plans[0].start(*seed, &ground.setup.start));
        let at = plans.iter().position(|plan| plan.phase == state.clock.phase).unwrap_or(0);
        let mut last = &plans[at];
        for plan in &plans[at..] {
            let over = progress.diverged.is_some() || progress.ended.is_some();
            if over || (plan.phase == Phase::Training && trained(state) >= until) {
                break;
            }
            if plan.phase != state.clock.phase {
                plan.enter(last, state);
            }
            last = plan;
            let mut meter = Meter { progress: &mut *progress, until, tick, stopped: false };
            let mut kept = |_: &State<T>| Ok(false);
            let ending = ground.field(*seed).run(plan, state, &mut meter, &mut kept)?;
            let stopped = meter.stopped;
            match ending {
                Ending::Diverged { iteration, loss } => {
                    progress.diverged = Some(Diverged { update: iteration, loss: loss.0 });
                }
                Ending::Completed if plan.phase == Phase::Training => {
                    progress.ended = Some(Reason("all epochs of the recipe are trained".into()));
                }
                Ending::Stopped(reason) if plan.phase == Phase::Training => {
                    progress.ended = Some(reason);
                }
                _ => {}
            }
            if stopped {
                break;
            }
        }
        // A last step whose outcome no loss has shown yet.
        if progress.diverged.is_none() && state.parameters.iter().any(|p| !p.f64().is_finite()) {
            let update = state.clock.iteration.saturating_sub(1);
            progress.diverged = Some(Diverged { update, loss: f64::NAN });
        }
        progress.updates = state.total(|clock| clock.iteration);
        Ok(())
    }

    fn judge(&self, by: &Judge, groups: bool) -> Result<Judged, TrainError> {
        let Self { ground, recipe, state, progress, .. } = self;
        let setup = &*ground.setup;
        let nothing = Judged { score: f64::NAN, groups: Vec::new() };
        let (Some(state), None) = (state, &progress.diverged) else { return Ok(nothing) };
        let plans = recipe.phases(&setup.network)?;
        let Some(plan) = plans.last().filter(|plan| plan.phase == state.clock.phase) else {
            return Ok(nothing);
        };
        let scoring = Scoring::new(&setup.network, &setup.spec, &recipe.training.metrics)?;
        let mut runner = Runner::new(&setup.network);
        let mut score = |parameters: &[T], rows: &[usize]| -> Result<f64, TrainError> {
            let (network, data) = (&setup.network, &ground.data);
            let mut whole = vec![T::ZERO; network.layout().len()];
            network.layout().carry_over(plan.network.layout(), parameters, &mut whole);
            let scores = evaluate(network, &mut runner, &whole, data, rows, &scoring)?;
            Ok(scores.get(&by.score).unwrap_or(f64::NAN))
        };
        let rows = setup.rows.watched(by.rows);
        // As they are now, even between two epochs.
        let mut now = State { best: None, ..state.clone() };
        let (_, mut parameters) = plan.kept(&mut now);
        let mut found = score(&parameters, rows)?;
        let best = plan.best(state).filter(|_| by.rows == Watched::Validation);
        if let Some(best) = best.filter(|best| best.metric == by.score)
            && !by.better.than(found, best.score)
        {
            (found, parameters) = (best.score, best.parameters.clone());
        }
        let count = if groups { (rows.len() / ROWS).min(GROUPS) } else { 0 };
        let group = |k: usize| rows.iter().copied().skip(k).step_by(count).collect::<Vec<_>>();
        let groups = (0..count).map(|k| score(&parameters, &group(k))).collect::<Result<_, _>>()?;
        Ok(Judged { score: found, groups })
    }

    fn most(&self) -> Result<u64, TrainError> {
        let plans = self.recipe.phases(&self.ground.setup.network)?;
        let field = self.ground.field(self.seed);
        let each = plans.last().map_or(1, |plan| field.batches(plan).per_epoch() as u64);
        let training = &self.recipe.training;
        Ok(each.saturating_mul(training.iterations).saturating_mul(training.epochs).max(1))
    }

    fn progress(&self) -> &Progress {
        &self.progress
    }
}

/// Updates of training that are made.
fn trained<T>(state: &State<T>) -> u64 {
    if state.clock.phase == Phase::Training { state.clock.iteration } else { 0 }
}

/// Records the losses, and ends a lane where its piece ends.
struct Meter<'m> {
    progress: &'m mut Progress,
    until: u64,
    tick: Tick<'m>,
    /// Whether it has ended what went on.
    stopped: bool,
}

impl Observer for Meter<'_> {
    fn wants(&self, _: Clock) -> Wants {
        Wants::STEP
    }

    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        let Event::Step { clock, loss, .. } = event else { return ControlFlow::Continue(()) };
        let mut stop = None;
        if clock.phase == Phase::Training {
            let progress = &mut *self.progress;
            if let Some(loss) = loss.filter(|loss| loss.is_finite()) {
                progress.curve.push(loss);
                let first = progress.curve[0].abs();
                if first > 0.0 && loss > EXPLODED * first {
                    progress.diverged = Some(Diverged { update: clock.iteration, loss });
                    stop = Some(Reason("the loss has exploded".into()));
                }
            }
            if clock.iteration + 1 >= self.until {
                stop.get_or_insert_with(|| Reason("the piece is trained".into()));
            }
        }
        if let ControlFlow::Break(reason) = (self.tick)() {
            stop.get_or_insert(reason);
        }
        match stop {
            Some(reason) => {
                self.stopped = true;
                ControlFlow::Break(reason)
            }
            None => ControlFlow::Continue(()),
        }
    }
}
