//! From a prepared recipe to a trained model with its scores.

use crate::awake::awake;
use crate::check::setting;
use crate::{
    Ending, Precision, RowBatches, Scores, Session, Setup, State, TrainError, evaluate, fit,
};
use std::path::PathBuf;
use tanren_network::{Model, Parameters};
use tanren_plugin::{self as plugin, EpochRecord, Observer, Phase};

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
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|e| TrainError::Threads(e.to_string()))?;
    Ok(pool.install(work))
}

/// From so many multiplications in all layers' products over a batch on, other threads are needed at
/// every step.
const AWAKE: usize = 1 << 20;

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
}

impl Setup {
    /// Trains, watched by `observer`; `&mut ()` watches nothing.
    ///
    /// # Errors
    /// [`TrainError`] when data, settings or checkpoint do not fit.
    pub fn train<O: Observer + Send>(
        &self,
        observer: &mut O,
        options: &Options,
    ) -> Result<Trained, TrainError> {
        on_threads(options.threads, || match self.recipe.precision {
            Precision::Single => self.train_in::<f32, O>(observer, options),
            Precision::Double => self.train_in::<f64, O>(observer, options),
        })?
    }

    fn train_in<T: plugin::Precision, O: Observer>(
        &self,
        observer: &mut O,
        options: &Options,
    ) -> Result<Trained, TrainError> {
        let (recipe, training) = (&self.recipe, &self.recipe.training);
        let data = self.prepared::<T>()?;
        let mut state = State::new(&self.network, training, recipe.seed);
        match (options.resume, &options.checkpoint) {
            (true, Some(path)) => state.restore(path, recipe)?,
            (true, None) => {
                return Err(setting("options.checkpoint", "a path to resume from", "none"));
            }
            (false, _) => {}
        }
        let session = Session {
            recipe,
            network: &self.network,
            spec: &self.spec,
            data: &data,
            validation: &self.rows.validation,
        };
        let at = (recipe.seed, Phase::FineTuning);
        let rows = &self.rows.train;
        let mut batches = RowBatches::new(&data, rows, training.batch, training.order, at);
        let save = |state: &State<T>| match &options.checkpoint {
            Some(path) => state.save(path, recipe),
            None => Ok(()),
        };
        let started = std::time::Instant::now();
        let mut saved = started;
        let mut each_epoch = |state: &State<T>| {
            if saved.elapsed() >= BETWEEN_CHECKPOINTS {
                save(state)?;
                saved = std::time::Instant::now();
            }
            Ok(())
        };
        let before = state.seconds();
        let mut run = || fit(&session, &mut batches, &mut state, observer, &mut each_epoch);
        let work = self.network.layout().len().saturating_mul(training.batch);
        let ending = if work < AWAKE { run() } else { awake(run) }?;
        let seconds = before + started.elapsed().as_secs_f64();
        // A diverged state leads nowhere: the checkpoint stays at the last finished epoch.
        if !matches!(ending, Ending::Diverged { .. }) {
            save(&state)?;
        }
        self.finish(&data, state, ending, seconds)
    }

    /// Picks the parameters to keep, scores them on every part and makes the model.
    fn finish<T: plugin::Precision>(
        &self,
        data: &tanren_network::Prepared<T>,
        mut state: State<T>,
        ending: Ending,
        seconds: f64,
    ) -> Result<Trained, TrainError> {
        let motion = self.recipe.training.motion(self.network.constraints());
        let layout = self.network.layout();
        let averaged = plugin::evaluation_parameters(&motion, layout, &mut state.moving());
        let (best_epoch, parameters) = match state.best {
            Some(best) => (best.epoch, best.parameters),
            None => (state.clock.epoch, averaged.unwrap_or(state.parameters)),
        };
        let score = |rows: &[usize]| match rows {
            [] => Ok(None),
            rows => evaluate(&self.network, &parameters, data, rows, &self.spec.targets).map(Some),
        };
        let (validation, test) = (score(&self.rows.validation)?, score(&self.rows.test)?);
        let rows = &self.rows.train;
        let train = evaluate(&self.network, &parameters, data, rows, &self.spec.targets)?;
        let mut model = Model::new(self.spec.clone(), Parameters::new(&parameters))?;
        if let Ok(recipe) = serde_json::to_string(&self.recipe) {
            model.notes.insert("recipe".into(), recipe);
        }
        model.notes.insert("data".into(), format!("{:016x}", self.table.fingerprint()));
        Ok(Trained {
            model,
            ending,
            best_epoch,
            steps: state.clock.iteration,
            samples: state.clock.samples,
            seconds,
            history: state.history,
            train,
            validation,
            test,
        })
    }
}

/// The least time between two checkpoints of a run; the last state is always kept.
const BETWEEN_CHECKPOINTS: std::time::Duration = std::time::Duration::from_secs(2);
