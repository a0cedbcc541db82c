//! `train`: trains by a recipe or on data, and writes a model to the folder of the run.

use crate::automatic::Choice;
use crate::failure::{Failure, Kind};
use crate::files::paths;
use crate::files::run_folder::Folder;
use crate::input::choose;
use crate::output::console::Console;
use crate::output::progress::{Show, Watcher};
use crate::output::report;
use crate::output::summary;
use crate::{args, interrupt, recipe};
use tanren_plugin::EpochRecord;
use tanren_trainer::{Ending, Options, Setup};

/// Runs the verb and returns the exit code.
pub(crate) fn train(args: &args::Train, console: &mut Console<'_>) -> Result<u8, Failure> {
    let mut chosen = choose(&args.subject)?;
    let setup = chosen.prepare()?;
    let choices = chosen.choices;
    setup.table.notes.iter().for_each(|note| console.say(format_args!("note: {note}")));
    let comment = recipe::comment(&choices);
    let folder = Folder::create(args.out.as_deref(), &setup, &comment)?;
    let job =
        Job { setup: &setup, folder: &folder, choices: &choices, history: &[], resume: false };
    job.run(&args.watch, console)
}

/// A run that starts or resumes.
pub(crate) struct Job<'a> {
    pub(crate) setup: &'a Setup,
    pub(crate) folder: &'a Folder,
    pub(crate) choices: &'a [Choice],
    /// The epochs before the checkpoint.
    pub(crate) history: &'a [EpochRecord],
    /// Whether the run resumes from the checkpoint.
    pub(crate) resume: bool,
}

impl Job<'_> {
    /// Trains, writes the model, prints the result, and returns the exit code.
    pub(crate) fn run(&self, args: &args::Watch, console: &mut Console<'_>) -> Result<u8, Failure> {
        let Self { setup, folder, choices, history, resume } = *self;
        let metrics = folder.metrics_from(history)?;
        folder.note().iter().for_each(|note| console.say(format_args!("note: {note}")));
        if !args.quiet {
            console.say(summary::started(setup));
        }
        interrupt::listen();
        let show = match (args.quiet, console.terminal) {
            (true, _) => Show::Nothing,
            (false, true) => Show::Bar,
            (false, false) => Show::Lines(&mut *console.err),
        };
        let mut watcher = Watcher::new(metrics, show, setup)?;
        let threads = args.threads.map_or(0, usize::from);
        let options = Options { threads, checkpoint: Some(folder.checkpoint()), resume };
        let trained = setup.train(&mut watcher, &options);
        watcher.finish();
        let failure = watcher.failure.take();
        let trained = trained?;
        let model = folder.model();
        // The error names the file.
        let unwritable = |e| Failure::new(Kind::Output, format_args!("cannot write {e}"));
        trained.model.save(&model).map_err(unwritable)?;
        if let Some(failure) = failure {
            return Err(failure);
        }
        if resume && trained.history.len() == history.len() {
            let why = match &trained.ending {
                Ending::Stopped(reason) => format!("training stopped early ({reason})"),
                _ => "all epochs of the recipe are trained; --epochs N raises their number"
                    .to_owned(),
            };
            console.say(format_args!("note: nothing to resume: {why}"));
        }
        let text = match args.json {
            true => report::trained(&trained, &setup.table.notes, &model, folder.path()),
            false => summary::summary(setup, &trained, choices, folder.path()),
        };
        console.result(&text)?;
        let failure = report::failure(&trained.ending);
        if let Some(failure) = &failure {
            let kept = match failure.kind {
                Kind::Interrupted => {
                    format!("; the model trained so far is {}", paths::quoted(&model))
                }
                _ => String::new(),
            };
            console.say(format_args!("error: {}{kept}", failure.message));
        }
        Ok(failure.map_or(0, |failure| failure.kind.code()))
    }
}
