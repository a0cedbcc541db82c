//! `resume`: continues a run from its last checkpoint, with the result of an uninterrupted run.

use super::train::{Job, notes, options};
use crate::args;
use crate::failure::{Failure, Kind};
use crate::files::known_data;
use crate::files::paths;
use crate::files::run_files::divergence;
use crate::files::run_folder::{Changes, Folder};
use crate::input::choose::{constant_rate, overridden};
use crate::input::revise::Change;
use crate::input::unfit::unfit;
use crate::output::advice::Advice;
use crate::output::console::Console;
use crate::output::figures::significant;
use crate::recipe::Draft;
use serde::Deserialize as _;
use tanren_plugin::{EpochRecord, History, Pace, Plugin, Source, Table};
use tanren_trainer::{Setup, TrainError};

/// Runs the verb and returns the exit code.
pub(crate) fn resume(args: &args::Resume, console: &mut Console<'_>) -> Result<u8, Failure> {
    let (folder, mut draft) = Folder::open(&args.run)?;
    let changes = changes(args, &draft)?;
    overridden(args.lr, &args.set).into_iter().for_each(|note| console.note(note));
    let before = draft.recipe.training.pace.clone();
    let sets: Vec<_> = changes.iter().map(|change| change.set.clone()).collect();
    draft.set(&sets)?;
    draft.replaced().into_iter().for_each(|note| console.note(note));
    let epochs = draft.recipe.training.epochs;
    draft.check()?;
    let history = folder.history()?;
    // The data are looked at before anything that depends on them can fail in other words.
    let source = known_data::find_data(folder.path(), &draft.source())?;
    let reader = Plugin::<dyn Source>::deserialize(&source);
    let reader = reader.map_err(|e| Failure::new(Kind::Recipe, e))?;
    let checkpoint = history.as_ref().map(|_| folder.checkpoint());
    let table = console
        .busy("reading the data of the run", || draft.recipe.open(&*reader, checkpoint.as_deref()));
    let mut table = table.map_err(|error| match error {
        TrainError::Data(error) => Failure::rows(error, &source),
        other => other.into(),
    })?;
    let losses = draft.recipe.network.to_losses("");
    table.targets.truncate(losses.iter().filter(|loss| loss.of_data()).count());
    let other_data = other_data((&folder, history.is_none()), &table, args, console)?;
    let setup = console.busy("preparing the data", || match &checkpoint {
        Some(checkpoint) => draft.prepare_resumed(table, checkpoint),
        None => draft.prepare(Some(table)),
    })?;
    if !other_data {
        folder.check_split(&setup)?;
    }
    if history.is_none() {
        console
            .say("note: the run ended before its first checkpoint: it begins anew from its recipe");
    }
    let made = history.as_ref().map_or(0, Vec::len);
    if (made as u64) > epochs {
        let message = format!(
            "{made} epochs are already trained; --epochs is the total number and must be at least \
             {made}, found {epochs}"
        );
        return Err(Failure::new(Kind::Usage, message));
    }
    // Nothing is written before it is known that the run can go on.
    let start = options(&folder, &args.watch, history.is_some());
    let fits = console.busy("reading the checkpoint", || setup.check_start(&start));
    fits.map_err(|error| {
        let mut failure = Failure::from(error);
        if other_data {
            failure.message +=
                "\n  help: the run is as it was; train a new run on the changed data";
        }
        failure
    })?;
    if let Some(message) = divergence(folder.path()) {
        console.say(format_args!("note: {message}"));
        console.say(format_args!(
            "note: the run goes on after epoch {made}; with the same settings it will diverge again"
        ));
    }
    if !changes.is_empty() {
        folder.replace_recipe(&draft.recipe, &changes)?;
    }
    match (history.is_some(), other_data) {
        // It may have been killed before it had written all that a run begins with.
        (false, _) => folder.begin(&setup, Some(&source))?,
        (true, true) => folder.replace_data(&setup, &source)?,
        (true, false) => folder.keep_split(&setup)?,
    }
    let (resume, history) = (history.is_some(), history.unwrap_or_default());
    let mut notes = notes(&setup, Advice::Nothing, None);
    let more = unfit(&setup, made as u64).into_iter().chain(faster(&setup, &before, &history)?);
    notes.extend(more.inspect(|note| console.note(note)));
    if let Some(note) = known_data::split_anew(folder.path()) {
        console.note(note);
        notes.push(note.to_owned());
    }
    let validated = folder.cross_validation();
    let job = Job {
        setup: &setup,
        folder: &folder,
        choices: &[],
        notes: &notes,
        history: &history,
        resume,
        validated: validated.as_ref(),
    };
    job.run(&args.watch, console)
}

/// The note on a rate that rises because its pace was changed, from which all falls are computed anew.
fn faster(
    setup: &Setup,
    before: &[Plugin<dyn Pace>],
    epochs: &[EpochRecord],
) -> Result<Option<String>, Failure> {
    let scoring = setup.scoring()?;
    let history = History { epochs, scores: scoring.directions() };
    let factor = |rules: &[Plugin<dyn Pace>]| -> f64 {
        rules.iter().map(|rule| rule.factor(history)).product()
    };
    let (old, new) = (factor(before), factor(&setup.recipe.training.pace));
    Ok((new > old).then(|| {
        format!(
            "with this training.pace the learning rate is multiplied by {} from here on, before by {}: \
             what it made of the past epochs is computed anew",
            significant(new),
            significant(old)
        )
    }))
}

/// The settings on which no saved number depends.
const FREE: [&str; 6] = [
    "training.epochs",
    "training.search",
    "training.pace",
    "training.stopping",
    "training.metrics",
    "training.keep",
];

/// What the command line changes.
fn changes(args: &args::Resume, draft: &Draft) -> Result<Vec<Change>, Failure> {
    let mut changes = Change::all(&args.set);
    if let Some(change) = changes.iter().find(|change| !FREE.iter().any(|p| change.concerns(p))) {
        let message = format!(
            "--set {}: resume can change {}; anything else requires a new run",
            change.set,
            FREE.join(", ")
        );
        return Err(Failure::new(Kind::Usage, message));
    }
    if let Some(epochs) = args.epochs {
        changes.push(Change { option: "--epochs", set: format!("training.epochs={epochs}") });
    }
    if let Some(rate) = args.lr {
        changes.push(constant_rate(rate, &draft.recipe)?);
    }
    Ok(changes)
}

/// Whether the run is to go on with other data than it began with, which is refused unless it is meant.
/// A new run, which has no checkpoint, has learnt nothing yet from data that nobody recorded.
fn other_data(
    (folder, new): (&Folder, bool),
    table: &Table,
    args: &args::Resume,
    console: &mut Console<'_>,
) -> Result<bool, Failure> {
    match folder.changes(table)? {
        Changes::None => Ok(false),
        Changes::Unknown if new => Ok(false),
        Changes::Unknown => {
            let run = paths::quoted(folder.path());
            console.say(format_args!(
                "note: {run} has no data.json, so nobody can say whether the data are those the run \
                 began with"
            ));
            Ok(false)
        }
        Changes::Found(what) if args.data_changed => {
            console.say(format_args!("note: the data have changed since the run began: {what}"));
            console.say("note: they are split and normalized anew");
            Ok(true)
        }
        Changes::Found(what) => {
            let message = format!(
                "{}: the data have changed since the run began: {what}\n  help: restore the data, or \
                 train a new run; --data-changed resumes this one with the changed data",
                table.name
            );
            Err(Failure::new(Kind::Data, message))
        }
    }
}
