//! From a prepared recipe to a trained model with its scores.

use crate::check::setting;
use crate::phase_run::Field;
use crate::{
    Arithmetic, PhasePlan, Scores, Setup, State, TrainError, Trivial, evaluate, reference_scores,
};
use std::path::PathBuf;
use std::time::Instant;
use tanren_network::{Model, Parameters, Prepared, Runner};
use tanren_plugin::{Ending, EpochRecord, Event, Observer, Precision};

/// How to run, apart from what the recipe says: none of it changes a bit of the result.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Threads; 0 for as many as the machine has.
    pub threads: usize,
    /// Where to keep the state, after epochs and at the end.
    pub checkpoint: Option<PathBuf>,
    /// Whether to go on from that checkpoint.
    pub resume: bool,
}

/// Runs `work` where it may use this many threads; 0 for as many as the machine has.
///
/// # Errors
/// [`TrainError::Threads`] when they cannot be started.
pub fn on_threads<R: Send>(
    threads: usize,
    work: impl FnOnce() -> R + Send,
) -> Result<R, TrainError> {
    Ok(pool(threads)?.install(work))
}

/// So many threads, which wait for work.
pub(crate) fn pool(threads: usize) -> Result<rayon::ThreadPool, TrainError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|e| TrainError::Threads(e.to_string()))
}

/// A trained model and how it came about.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The model.
    pub model: Model,
    /// How the run ended.
    pub ending: Ending,
    /// Every finished epoch.
    pub history: Vec<EpochRecord>,
    /// The epoch the model's parameters are from.
    pub best_epoch: u64,
    /// The score by which that epoch is the best on the validation rows; `None` for the last
    /// epoch.
    pub best_by: Option<String>,
    /// Updates made.
    pub steps: u64,
    /// Examples seen.
    pub samples: u64,
    /// Seconds taken by the loop.
    pub seconds: f64,
    /// Scores on the training rows.
    pub train: Scores,
    /// Scores on the validation rows, if there are any.
    pub validation: Option<Scores>,
    /// Scores on the test rows, if there are any.
    pub test: Option<Scores>,
    /// The scores of the trivial prediction.
    pub baseline: Baseline,
}

/// The scores of the [trivial](Trivial) prediction, as far as they are defined.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Baseline {
    /// On the training rows.
    pub train: Scores,
    /// On the validation rows, if there are any.
    pub validation: Option<Scores>,
    /// On the test rows, if there are any.
    pub test: Option<Scores>,
    /// Those of what simple rules predict, on the last of these parts, where the data bring them along.
    pub references: Vec<(String, Scores)>,
}

impl Setup {
    /// Trains, watched by `observer`; `&mut ()` watches nothing.
    ///
    /// # Errors
    /// [`TrainError`] when data, settings or checkpoint do not fit.
    pub fn train(
        &self,
        observer: &mut (dyn Observer + Send),
        options: &Options,
    ) -> Result<Trained, TrainError> {
        on_threads(options.threads, || match self.recipe.precision {
            Arithmetic::Single => self.train_in::<f32>(observer, options),
            Arithmetic::Double => self.train_in::<f64>(observer, options),
        })?
    }

    /// Proves that [`train`](Self::train) with the same options can begin: that the data are what the
    /// network takes and, where a run goes on, that the checkpoint is one of this recipe and network.
    /// Who writes something that training replaces asks this before.
    ///
    /// # Errors
    /// As [`train`](Self::train).
    pub fn check_start(&self, options: &Options) -> Result<(), TrainError> {
        match self.recipe.precision {
            Arithmetic::Single => self.check_start_in::<f32>(options),
            Arithmetic::Double => self.check_start_in::<f64>(options),
        }
    }

    fn check_start_in<T: Precision>(&self, options: &Options) -> Result<(), TrainError> {
        let plans = self.recipe.phases(&self.network)?;
        self.first::<T>(&plans, options)?;
        self.prepared::<T>()?;
        Ok(())
    }

    /// The phase with which training begins, by its number, and the state at its begin: a fresh one or
    /// that of the checkpoint.
    fn first<T: Precision>(
        &self,
        plans: &[PhasePlan<'_>],
        options: &Options,
    ) -> Result<(usize, State<T>), TrainError> {
        let seed = self.recipe.seed;
        let from = match (options.resume, &options.checkpoint) {
            (true, Some(path)) => path,
            (true, None) => {
                return Err(setting("options.checkpoint", "a path to resume from", "none"));
            }
            (false, _) => return Ok((0, plans[0].start(seed, &self.start))),
        };
        let phase = State::<T>::saved_phase(from)?;
        let at = plans.iter().position(|plan| plan.phase == phase).unwrap_or(0);
        let mut state = plans[at].start(seed, &self.start);
        state.restore(from, &self.recipe)?;
        Ok((at, state))
    }

    fn train_in<T: Precision>(
        &self,
        observer: &mut dyn Observer,
        options: &Options,
    ) -> Result<Trained, TrainError> {
        let recipe = &self.recipe;
        let data = self.prepared::<T>()?;
        let plans = recipe.phases(&self.network)?;
        let (at, mut state) = self.first::<T>(&plans, options)?;
        drop(observer.observe(&Event::Start { clock: state.clock }));
        let mut run = Run { setup: self, data: &data, options, started: Instant::now() };
        let (before, mut ending) = (state.seconds(), Ending::Completed);
        let mut last = &plans[at];
        for plan in &plans[at..] {
            if plan.phase != state.clock.phase {
                plan.enter(last, &mut state);
            }
            last = plan;
            ending = run.phase(plan, &mut state, observer)?;
            if matches!(ending, Ending::Interrupted(_) | Ending::Diverged { .. }) {
                break;
            }
        }
        let seconds = before + run.started.elapsed().as_secs_f64();
        // A diverged state leads nowhere: the checkpoint stays at the last finished epoch.
        if !matches!(ending, Ending::Diverged { .. }) && run.save(&state)? {
            drop(observer.observe(&Event::Checkpoint { clock: state.clock }));
        }
        drop(observer.observe(&Event::End(&ending)));
        self.finish(&data, last, state, ending, seconds)
    }

    /// Picks the parameters to keep, scores them on every part and makes the model.
    fn finish<T: Precision>(
        &self,
        data: &Prepared<T>,
        plan: &PhasePlan<'_>,
        mut state: State<T>,
        ending: Ending,
        seconds: f64,
    ) -> Result<Trained, TrainError> {
        let best_by = plan.best(&state).map(|best| best.metric.clone());
        let (best_epoch, kept) = plan.kept(&mut state);
        let scoring = self.scoring()?;
        // As the whole network sees them, whatever the last phase trained.
        let mut parameters = vec![T::ZERO; self.network.layout().len()];
        self.network.layout().carry_over(plan.network.layout(), &kept, &mut parameters);
        let mut runner = Runner::new(&self.network);
        let mut score = |rows: &[usize]| {
            evaluate(&self.network, &mut runner, &parameters, data, rows, &scoring)
        };
        let train = score(&self.rows.train)?;
        let mut held_out = |rows: &[usize]| (!rows.is_empty()).then(|| score(rows)).transpose();
        let (validation, test) = (held_out(&self.rows.validation)?, held_out(&self.rows.test)?);
        let trivial = Trivial::of(&self.network, data, &self.rows.train);
        let scores = |rows: &[usize]| trivial.scores(&self.network, data, rows, &scoring);
        let held_out = |rows: &[usize]| (!rows.is_empty()).then(|| scores(rows));
        let baseline = Baseline {
            train: scores(&self.rows.train),
            validation: held_out(&self.rows.validation),
            test: held_out(&self.rows.test),
            references: reference_scores(&self.network, data, self.rows.last(), &scoring),
        };
        let mut model = Model::new(self.spec.clone(), Parameters::new(&parameters))?;
        if let Ok(recipe) = serde_json::to_string(&self.recipe) {
            model.notes.insert("recipe".into(), recipe);
        }
        if let Ok(trivial) = serde_json::to_string(&trivial) {
            model.notes.insert("trivial".into(), trivial);
        }
        if let (Ok(start), false) =
            (serde_json::to_string(&self.start.record.files), self.recipe.start.is_empty())
        {
            model.notes.insert("start".into(), start);
        }
        model.notes.insert("data".into(), format!("{:016x}", self.table.fingerprint()));
        Ok(Trained {
            model,
            ending,
            best_epoch,
            best_by,
            steps: state.total(|clock| clock.iteration),
            samples: state.total(|clock| clock.samples),
            seconds,
            history: state.history,
            train,
            validation,
            test,
            baseline,
        })
    }
}

/// A run on its way.
struct Run<'a, T> {
    setup: &'a Setup,
    data: &'a Prepared<T>,
    options: &'a Options,
    started: Instant,
}

impl<T: Precision> Run<'_, T> {
    /// Runs a phase to its end.
    fn phase(
        &mut self,
        plan: &PhasePlan<'_>,
        state: &mut State<T>,
        observer: &mut dyn Observer,
    ) -> Result<Ending, TrainError> {
        let Setup { recipe, rows, spec, .. } = self.setup;
        let field = Field { data: self.data, rows, spec, seed: recipe.seed };
        let mut saved = Instant::now();
        let mut each_epoch = |state: &State<T>| {
            let due = saved.elapsed() >= BETWEEN_CHECKPOINTS;
            let written = due && self.save(state)?;
            if due {
                saved = Instant::now();
            }
            Ok(written)
        };
        field.run(plan, state, observer, &mut each_epoch)
    }

    /// Writes the state where the options say; whether they do.
    fn save(&self, state: &State<T>) -> Result<bool, TrainError> {
        match &self.options.checkpoint {
            Some(path) => {
                state.save_begun(path, &self.setup.recipe, &self.setup.start).map(|()| true)
            }
            None => Ok(false),
        }
    }
}

/// The least time between two checkpoints of a run; the last state is always kept.
const BETWEEN_CHECKPOINTS: std::time::Duration = std::time::Duration::from_secs(2);
