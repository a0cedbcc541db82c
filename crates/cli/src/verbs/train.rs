//! `train`: trains by a recipe or on data, and writes a model to the folder of the run.

pub(crate) mod folds;
pub(crate) mod verdict;

use crate::automatic::Choice;
use crate::failure::{Failure, Kind};
use crate::files::paths;
use crate::files::run_folder::Folder;
use crate::input::across_batches::across_batches;
use crate::input::choose;
use crate::input::noticed::{idle_rule, noticed};
use crate::input::proportion::proportion;
use crate::input::rare::rare;
use crate::input::revise::without_validation;
use crate::input::unfit::unfit;
use crate::output::advice::Advice;
use crate::output::circumstances::Circumstances;
use crate::output::console::Console;
use crate::output::progress::{Show, Watcher};
use crate::output::report::{self, Report};
use crate::output::summary;
use crate::{args, interrupt, recipe};
use serde::Serialize;
use serde_json::Value;
use tanren_plugin::EpochRecord;
use tanren_trainer::{Ending, Options, Setup, Trained};
use verdict::Verdict;

/// Runs the verb and returns the exit code.
pub(crate) fn train(args: &args::Train, console: &mut Console<'_>) -> Result<u8, Failure> {
    let mut chosen = choose(&args.subject, console)?;
    let mut setup = chosen.prepare(console)?;
    let mut notes = notes(&setup, chosen.advice(), args.folds);
    notes.extend(proportion(&setup));
    notes.extend(across_batches(&setup));
    notes.extend(unfit(&setup, 0));
    let mut choices = chosen.choices;
    if choices.is_empty() {
        notes.extend(idle_rule(&setup)); // else the choices tell it
    }
    without_validation(&mut choices, &setup);
    notes.iter().for_each(|note| console.note(note));
    let validated = match args.folds {
        None => None,
        Some(folds) => {
            let told = (choices.as_slice(), notes.as_slice());
            let validated = folds::cross_validate(args, folds, &setup, told, console)?;
            if !validated.goes_on(args, console)? {
                return Ok(validated.end(console));
            }
            setup = validated.refit(&mut chosen.draft, setup, &mut choices)?;
            Some(validated.report)
        }
    };
    let comment = recipe::comment(&choices);
    let folder = Folder::create(args.out.as_deref(), &mut setup, &comment, console.stdin.as_ref())?;
    let job = Job {
        setup: &setup,
        folder: &folder,
        choices: &choices,
        notes: &notes,
        history: &[],
        resume: false,
        validated: validated.as_ref(),
    };
    let piped = console.stdin.is_some();
    job.run(&args.watch, console).inspect_err(|failure| {
        // Data with which nothing can be trained: no run came of them. Those that were piped are nowhere else.
        if failure.kind == Kind::Data && !folder.checkpoint().exists() && !piped {
            folder.withdraw();
        }
    })
}

/// What was noticed in the data.
pub(crate) fn notes(setup: &Setup, advice: Advice, folds: Option<u64>) -> Vec<String> {
    let source = serde_json::to_value(&setup.recipe.data.source).unwrap_or_default();
    let of_source = setup.table.notes.iter().map(|note| advice.about(note, &source).say(note));
    let of_start = setup.start.notes().iter().cloned();
    of_source
        .chain(noticed(setup, folds))
        .chain(rare(setup, advice, folds.is_some()))
        .chain(of_start)
        .collect()
}

/// How a run is trained in its folder.
pub(crate) fn options(folder: &Folder, args: &args::Watch, resume: bool) -> Options {
    let threads = args.threads.map_or(0, usize::from);
    Options { threads, checkpoint: Some(folder.checkpoint()), resume }
}

/// A run that starts or resumes.
pub(crate) struct Job<'a> {
    pub(crate) setup: &'a Setup,
    pub(crate) folder: &'a Folder,
    pub(crate) choices: &'a [Choice],
    /// What was noticed in the data.
    pub(crate) notes: &'a [String],
    /// The epochs before the checkpoint.
    pub(crate) history: &'a [EpochRecord],
    /// Whether the run resumes from the checkpoint.
    pub(crate) resume: bool,
    /// What came of cross-validation before it, as JSON.
    pub(crate) validated: Option<&'a Value>,
}

impl Job<'_> {
    /// Trains, writes the model, prints the result, and returns the exit code.
    pub(crate) fn run(&self, args: &args::Watch, console: &mut Console<'_>) -> Result<u8, Failure> {
        let Self { setup, folder, choices, history, resume, .. } = *self;
        let curve = folder.metrics_from(history).and_then(|metrics| {
            let history = folder.history_from(setup, history)?;
            Ok((metrics, history))
        });
        let curve = curve.map_err(|failure| self.with_kept(failure))?;
        folder.remove_result();
        folder.note().iter().for_each(|note| console.note(note));
        if !args.json {
            console.result(&summary::before(setup, choices))?;
        }
        interrupt::listen();
        let show = match (args.quiet, console.terminal) {
            (true, _) => Show::Nothing,
            (false, true) => Show::Bar,
            (false, false) => Show::Lines(&mut *console.err),
        };
        let mut watcher = Watcher::new(curve, show, setup, args.verbose)?;
        let trained = setup.train(&mut watcher, &options(folder, args, resume));
        watcher.finish();
        let failure = watcher.failure.take();
        let source = serde_json::to_value(&setup.recipe.data.source).unwrap_or_default();
        let trained = trained.map_err(|error| {
            self.with_kept(Failure::training(error, &source, Advice::of_recipe(&source)))
        })?;
        let verdict = Verdict::of(setup, &trained)?;
        let model = folder.model();
        if verdict.usable {
            // The error names the file.
            let unwritable = |e| Failure::new(Kind::Output, format_args!("cannot write {e}"));
            trained.model.save(&model).map_err(|e| self.with_kept(unwritable(e)))?;
        }
        if let Some(failure) = failure {
            return Err(self.with_kept(failure));
        }
        if resume && trained.history.len() == history.len() {
            let why = match &trained.ending {
                Ending::Stopped(reason) => format!("training stopped early ({reason})"),
                _ => "all epochs of the recipe are trained; --epochs N raises their number"
                    .to_owned(),
            };
            console.say(format_args!("note: nothing to resume: {why}"));
        }
        self.tell((&trained, &verdict), args, console)
    }

    /// The failure of a run, which says what is kept where a file could not be written.
    fn with_kept(&self, mut failure: Failure) -> Failure {
        if failure.kind == Kind::Output {
            let (program, run) = (paths::program(), paths::quoted(self.folder.path()));
            let kept = match self.folder.history() {
                Ok(Some(history)) => format!("the state after epoch {} is kept", history.len()),
                _ => "no checkpoint was written yet, so the run will begin anew".to_owned(),
            };
            failure.message.push_str(&format!(
                "\n  help: {kept}; when there is room and the file can be written, go on with: \
                 {program} resume {run}"
            ));
        }
        failure
    }

    /// Writes and prints the result, and returns the exit code.
    fn tell(
        &self,
        (trained, verdict): (&Trained, &Verdict),
        args: &args::Watch,
        console: &mut Console<'_>,
    ) -> Result<u8, Failure> {
        let Self { setup, folder, .. } = *self;
        let model = folder.model();
        let mut report = Report::new((trained, verdict), self.notes, &setup.scoring()?, folder);
        report.cross_validation = self.validated;
        let circumstances = Circumstances::new(&console.command, args.threads);
        let written = folder.write_result(&Kept { circumstances, report: &report });
        written.map_err(|failure| self.with_kept(failure))?;
        let text = match args.json {
            true => report::line(&report),
            false => summary::summary(setup, trained, verdict, folder.path())?,
        };
        let Some(failure) = &verdict.failure else {
            return console.result(&text).map(|()| 0);
        };
        // After SIGHUP nobody may be there to read it; the run ended by the signal all the same.
        let printed = console.result(&text);
        let kept = match (failure.kind, verdict.usable) {
            (Kind::Diverged, true) => {
                let from = trained.best_epoch;
                format!("; {} has the weights of epoch {from}", paths::quoted(&model))
            }
            (Kind::Diverged, false) => {
                let old =
                    if model.exists() { ", and its model is that of an earlier part" } else { "" };
                format!("; no weights with a finite loss are left, so the run wrote no model{old}")
            }
            (_, true) => format!(
                "; a checkpoint was written, and the model trained so far is {}",
                paths::quoted(&model)
            ),
            (_, false) => "; a checkpoint was written".into(),
        };
        console.say(format_args!("error: {}{kept}", failure.message));
        match (failure.kind, printed) {
            (Kind::HungUp, _) | (_, Ok(())) => Ok(failure.kind.code()),
            (_, Err(unprinted)) => Err(unprinted),
        }
    }
}

/// What `result.json` holds.
#[derive(Serialize)]
struct Kept<'a> {
    #[serde(flatten)]
    circumstances: Circumstances<'a>,
    #[serde(flatten)]
    report: &'a Report<'a>,
}
